// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.counters.redis.RedisConfig;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PortalServerIT {

    /// Without it a replica cannot tell how far it has come, and then nobody believes it.
    @Test
    void theHeartGoesOnWithoutRedis() {
        var nowhere = RedisConfig.of("redis://127.0.0.1:1", Optional.empty());
        try (var postgres = new PostgresServer();
                var portal = PortalServer.start(new PortalConfig(postgres.config(), nowhere))) {
            var first = beat(postgres);
            Await.until("it beats", Duration.ofSeconds(60), () -> beat(postgres) > first);
            var second = beat(postgres);
            Await.until("and again", Duration.ofSeconds(60), () -> beat(postgres) > second);
            assertThat(portal.isReady()).isTrue();
        }
    }

    private static double beat(PostgresServer postgres) {
        return postgres.database()
                .jdbi()
                .withHandle(
                        handle ->
                                handle.createQuery("SELECT extract(epoch FROM at) FROM heartbeat")
                                        .mapTo(Double.class)
                                        .one());
    }
}
