// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.changes;

import io.uplion.counters.SharedState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Writes down when keys were used last, for the nodes that notice it and may not write.
final class KeyUse {
    /// About each ten seconds; a key's own time is told once a minute at most.
    static final int ROUNDS = 20;

    private static final String TABLE = "keys-used";

    private final Jdbi jdbi;
    private final SharedState shared;
    private @Nullable Map<String, String> written;

    KeyUse(Jdbi jdbi, SharedState shared) {
        this.jdbi = jdbi;
        this.shared = shared;
    }

    void write() {
        Map<String, String> used = shared.all(TABLE);
        List<UUID> keys = new ArrayList<>();
        List<Long> seconds = new ArrayList<>();
        used.forEach(
                (key, second) -> {
                    if (written == null || !Objects.equals(written.get(key), second)) {
                        keys.add(UUID.fromString(key));
                        seconds.add(Long.parseLong(second));
                    }
                });
        if (!keys.isEmpty()) {
            jdbi.useHandle(handle -> ChangeSql.used(handle, keys, seconds));
        }
        written = used;
    }
}
