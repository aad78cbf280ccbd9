// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.uplion.catalog.price.PriceList;
import io.uplion.catalog.price.SharedPrices;
import io.uplion.catalog.shared.CatalogPublisher;
import io.uplion.counters.redis.RedisProcess;
import io.uplion.platform.settings.Settings;
import io.uplion.testing.external.FreePort;
import io.uplion.testing.wait.Await;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A gateway that has just started, over a store that is just as new. There is no broker.
class GatewayServiceIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private RedisProcess redis;

    @BeforeEach
    void startRedis() {
        redis = RedisProcess.start("");
    }

    @AfterEach
    void stopRedis() {
        if (redis != null) {
            redis.close();
        }
    }

    private GatewayServiceConfig config() {
        var settings = new HashMap<String, String>();
        settings.put("UPLION_REDIS_URL", "redis://127.0.0.1:" + redis.config().port());
        settings.put("UPLION_PULSAR_URL", "pulsar://127.0.0.1:1");
        settings.put("UPLION_PULSAR_ADMIN_URL", "http://127.0.0.1:1");
        settings.put("UPLION_IDENTITY_SECRET", SECRET);
        settings.put("UPLION_GATEWAY_CLAIM_SECRET", SECRET);
        settings.put("UPLION_GATEWAY_ACCESS", "envoy");
        settings.put("UPLION_GATEWAY_PORT", "0");
        settings.put("UPLION_GATEWAY_REPLY_PORT", Integer.toString(FreePort.find()));
        settings.put("UPLION_GATEWAY_LEAVE", "1ms");
        return GatewayServiceConfig.read(new Settings(Map.copyOf(settings)));
    }

    /// The controller tells the models and billing the prices, in any order.
    @Test
    void isReadyWhenItKnowsTheModelsAndTheirPricesAndNotBefore() {
        try (var shared = redis.client();
                var controller = CatalogPublisher.start(shared);
                var gateway =
                        GatewayService.start(
                                config(), new SimpleMeterRegistry(), Clock.systemUTC())) {
            assertThat(gateway.isReady()).as("it knows nothing").isFalse();
            controller.publish(List.of());
            Await.until("it knows the models", LIMIT, gateway::knowsModels);
            assertThat(gateway.isReady()).as("it knows no prices").isFalse();

            SharedPrices.publish(shared, PriceList.NONE);
            Await.until("it is ready", LIMIT, gateway::isReady);
        }
    }

    @Test
    void isNotReadyWithPricesAlone() {
        try (var shared = redis.client()) {
            SharedPrices.publish(shared, PriceList.NONE);
            try (var gateway =
                    GatewayService.start(config(), new SimpleMeterRegistry(), Clock.systemUTC())) {
                assertThat(gateway.isReady()).isFalse();
            }
        }
    }
}
