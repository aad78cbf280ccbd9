// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import io.uplion.platform.identity.Principal.Scope;
import io.uplion.platform.secret.Secret;
import io.uplion.store.Database;
import io.uplion.store.key.ApiKey;
import io.uplion.store.key.IpRange;
import io.uplion.store.key.KeyRefusal;
import io.uplion.store.key.StoredKey;
import io.uplion.store.key.StoredKeys;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/// Programs that act for a user: with a key that manages and runs no inference.
public final class ManagementKeys {
    private static final Duration USE_NOTED_EACH = Duration.ofMinutes(1);

    private final Jdbi jdbi;
    private final StoredKeys keys;
    private final Clock clock;

    public ManagementKeys(Database database, Clock clock) {
        this.jdbi = database.jdbi();
        this.keys = new StoredKeys(jdbi);
        this.clock = clock;
    }

    public record Held(User user, UUID key) {}

    /// Empty for one that is unknown, for something else, over, or not to be used from there. A
    /// text of the wrong form asks nobody.
    public Optional<Held> find(Secret text, String address) {
        return ApiKey.parse(text.reveal())
                .flatMap(
                        key ->
                                Optional.ofNullable(
                                        keys.find(Set.of(key.sha256())).keys().get(key.sha256())))
                .filter(key -> works(key, address))
                .flatMap(this::held);
    }

    private boolean works(StoredKey key, String address) {
        KeyRefusal.Use use = new KeyRefusal.Use(Scope.MANAGEMENT, IpRange.address(address));
        return KeyRefusal.of(key, use, clock.instant()).isEmpty();
    }

    private Optional<Held> held(StoredKey key) {
        UUID id = key.principal().key().orElseThrow();
        return jdbi.withHandle(
                handle -> {
                    ManagementKeySql.used(handle, id, clock.instant(), USE_NOTED_EACH);
                    return UserSql.login(handle, key.principal().user())
                            .map(login -> new Held(login.user(), id));
                });
    }
}
