// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import io.uplion.counters.Rounds;
import io.uplion.counters.SharedState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// Notices when keys are used, and tells those who may write it down: of one key once a minute at
/// most, of all together each few seconds. What is lost with a process is an older time.
final class KeyUses implements AutoCloseable {
    private static final String TABLE = "keys-used";
    private static final Duration EACH = Duration.ofSeconds(10);

    /// Whoever writes looks more often than this.
    private static final Duration TOLD = Duration.ofMinutes(2);

    private static final long AGAIN_SECONDS = 60;
    private static final int MOST = 100_000;

    private final SharedState shared;
    private final ConcurrentMap<UUID, Long> noticed = new ConcurrentHashMap<>();
    private final ConcurrentMap<UUID, Long> waiting = new ConcurrentHashMap<>();
    private Optional<Rounds> rounds = Optional.empty();

    KeyUses(SharedState shared) {
        this.shared = shared;
    }

    static KeyUses start(SharedState shared) {
        KeyUses uses = new KeyUses(shared);
        uses.rounds = Optional.of(Rounds.startAside("keys-used", EACH, uses::tell));
        return uses;
    }

    void used(UUID key, Instant now) {
        long second = now.getEpochSecond();
        Long before = noticed.get(key);
        if (before == null || second - before >= AGAIN_SECONDS) {
            if (noticed.size() >= MOST) {
                noticed.clear();
            }
            noticed.put(key, second);
            waiting.put(key, second);
        }
    }

    void tell() {
        Map<UUID, Long> uses = new HashMap<>(waiting);
        if (uses.isEmpty()) {
            return;
        }
        Map<String, String> fields = new HashMap<>();
        uses.forEach((key, second) -> fields.put(key.toString(), second.toString()));
        shared.putAll(TABLE, fields, TOLD);
        uses.forEach(waiting::remove);
    }

    @Override
    public void close() {
        rounds.ifPresent(Rounds::close);
    }
}
