// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.access.Decision.Allowed;
import io.uplion.access.Decision.Denied;
import io.uplion.access.Decision.Reason;
import io.uplion.counters.redis.RedisFloors;
import io.uplion.counters.redis.RedisProcess;
import io.uplion.counters.redis.RedisSharedState;
import io.uplion.portal.changes.AccessRelay;
import io.uplion.portal.changes.Deliveries;
import io.uplion.portal.changes.Heartbeat;
import io.uplion.portal.identity.Users;
import io.uplion.portal.keys.KeyCreation;
import io.uplion.portal.keys.Keys;
import io.uplion.portal.keys.NewKey;
import io.uplion.store.Database;
import io.uplion.testing.wait.Await;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// R7: whoever may ask goes on while nobody can change anything, and whoever may not does not.
class PrimaryDownIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// Longer than anything lives that is believed without floors.
    private static final Duration OUTAGE = Duration.ofSeconds(20);

    @TempDir private Path directory;

    @Test
    void requestsGoOnAndARevokedKeyStaysRevoked() throws Exception {
        try (var redis = RedisProcess.start("");
                var postgres = new ReplicatedPostgres(directory, Duration.ZERO);
                var floors = RedisFloors.at(redis.config());
                var shared = RedisSharedState.at(redis.config());
                var replica = postgres.reads();
                var _ = Heartbeat.start(postgres.writes());
                var _ = AccessRelay.start(postgres.writes(), floors, shared);
                var node = new Node(postgres.reads(), redis.config())) {
            new Users(postgres.writes(), Clock.systemUTC()).createAdmin("ada@example.org", "Ada");
            var keys =
                    new Keys(
                            postgres.writes(),
                            Clock.systemUTC(),
                            new Deliveries(postgres.writes(), floors));
            var warm = create(keys);
            var cold = Stream.generate(() -> create(keys)).limit(40).toList();
            var revoked = create(keys);
            Await.until("vouched", PATIENCE, node::isVouched);
            Await.until(
                    "both work",
                    PATIENCE,
                    () ->
                            node.ask(warm.secret()) instanceof Allowed
                                    && node.ask(revoked.secret()) instanceof Allowed);
            Await.until("the replica knows all", PATIENCE, () -> count(replica) == 42);
            keys.revoke(revoked.key().id());
            Await.until(
                    "it is revoked",
                    PATIENCE,
                    () -> node.ask(revoked.secret()).equals(new Denied(Reason.REVOKED)));

            postgres.stopPrimary();
            var seen = new ArrayList<Object>();
            var begun = System.nanoTime();
            var next = cold.iterator();
            while (System.nanoTime() - begun < OUTAGE.toNanos()) {
                seen.add(node.ask(warm.secret()));
                if (next.hasNext()) {
                    seen.add(node.ask(next.next().secret()));
                }
                assertThat(node.ask(revoked.secret())).isEqualTo(new Denied(Reason.REVOKED));
                Await.until(
                        "a while has passed",
                        PATIENCE,
                        () -> System.nanoTime() - begun > seen.size() * 200_000_000L);
            }

            assertThat(seen).hasSizeGreaterThan(50).allMatch(Allowed.class::isInstance);
        }
    }

    private static int count(Database replica) {
        return replica.jdbi()
                .withHandle(
                        handle ->
                                handle.createQuery("SELECT count(*) FROM api_keys")
                                        .mapTo(Integer.class)
                                        .one());
    }

    private static KeyCreation.Created create(Keys keys) {
        var asked = new NewKey("k", "ada@example.org", Set.of(), Optional.empty());
        return (KeyCreation.Created) keys.create(asked);
    }
}
