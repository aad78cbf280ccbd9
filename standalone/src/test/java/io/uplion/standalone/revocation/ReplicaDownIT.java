// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.access.Decision.Allowed;
import io.uplion.access.Decision.Unavailable;
import io.uplion.counters.redis.RedisProcess;
import io.uplion.platform.secret.Secret;
import io.uplion.portal.changes.Heartbeat;
import io.uplion.portal.identity.Users;
import io.uplion.portal.keys.KeyCreation;
import io.uplion.portal.keys.Keys;
import io.uplion.portal.keys.NewKey;
import io.uplion.store.key.ApiKey;
import io.uplion.testing.wait.Await;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The replica goes away and nobody remembers anything.
class ReplicaDownIT {
    @TempDir private Path directory;

    @Test
    void everyAnswerIs503AndComesSoon() throws Exception {
        try (var redis = RedisProcess.start("");
                var postgres = new ReplicatedPostgres(directory, Duration.ZERO);
                var _ = Heartbeat.start(postgres.writes());
                var node = new Node(postgres.reads(), redis.config())) {
            var users = new Users(postgres.writes(), Clock.systemUTC());
            users.createAdmin("ada@example.org", "Ada");
            var created = create(new Keys(postgres.writes(), Clock.systemUTC()));
            var cold = create(new Keys(postgres.writes(), Clock.systemUTC()));
            Await.until(
                    "it works", Duration.ofSeconds(60), () -> node.ask(created) instanceof Allowed);

            postgres.stopReplica();
            Await.until("it is noticed", Duration.ofSeconds(60), () -> !node.isReady());
            // What the node remembers lives for seconds.
            Await.until(
                    "forgotten",
                    Duration.ofSeconds(60),
                    () -> !(node.ask(created) instanceof Allowed));

            var asked = new ArrayList<Callable<Void>>();
            for (var i = 0; i < 100; i++) {
                var key = i % 2 == 0 ? cold : ApiKey.generate(new SecureRandom()).secret();
                asked.add(
                        () -> {
                            assertThat(node.ask(key)).isEqualTo(new Unavailable());
                            return null;
                        });
            }
            var began = System.nanoTime();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (var one : threads.invokeAll(asked)) {
                    one.get();
                }
            }
            // A node that waits for its database each time needs two seconds; the promise is 300
            // ms.
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isLessThan(Duration.ofMillis(1500));
        }
    }

    private static Secret create(Keys keys) {
        var asked = new NewKey("k", "ada@example.org", Set.of(), Optional.empty());
        return ((KeyCreation.Created) keys.create(asked)).secret();
    }
}
