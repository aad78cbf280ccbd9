// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.counters.redis.RedisConfig;
import io.uplion.portal.http.Clients;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PortalServerIT {

    /// Without it a replica cannot tell how far it has come, and then nobody believes it.
    @Test
    void theHeartGoesOnWithoutRedis() {
        try (var postgres = new PostgresServer();
                var portal = PortalServer.start(config(postgres))) {
            var first = beat(postgres);
            Await.until("it beats", Duration.ofSeconds(60), () -> beat(postgres) > first);
            var second = beat(postgres);
            Await.until("and again", Duration.ofSeconds(60), () -> beat(postgres) > second);
            assertThat(portal.isReady()).isTrue();
        }
    }

    private static PortalConfig config(PostgresServer postgres) {
        var nowhere = RedisConfig.of("redis://127.0.0.1:1", Optional.empty());
        return new PortalConfig("127.0.0.1", 0, new Clients(List.of()), postgres.config(), nowhere);
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
