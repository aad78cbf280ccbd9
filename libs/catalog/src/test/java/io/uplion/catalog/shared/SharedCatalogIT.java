// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.catalog.live.PoolStatus;
import io.uplion.counters.SharedState;
import io.uplion.counters.redis.RedisProcess;
import io.uplion.testing.wait.Await;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A controller and two gateways over a real Redis, at their own pace.
class SharedCatalogIT {
    private final List<AutoCloseable> opened = new ArrayList<>();
    private RedisProcess redis;
    private CatalogPublisher controller;
    private SharedCatalog one;
    private SharedCatalog other;

    @BeforeEach
    void start() {
        redis = RedisProcess.start("");
        controller = opened(CatalogPublisher.start(client()));
        one = gateway();
        other = gateway();
        controller.publish(List.of(Sample.pool("a")));
        within(Duration.ofSeconds(3), "a is served", () -> serves(one, 4) && serves(other, 4));
    }

    private SharedState client() {
        return opened(redis.client());
    }

    private SharedCatalog gateway() {
        return opened(SharedCatalog.start(client(), Clock.systemUTC()));
    }

    private <T extends AutoCloseable> T opened(T resource) {
        opened.addFirst(resource);
        return resource;
    }

    @AfterEach
    void stop() throws Exception {
        for (var resource : opened) {
            resource.close();
        }
        if (redis != null) {
            redis.close();
        }
    }

    private static boolean serves(SharedCatalog gateway, int concurrency) {
        var model = gateway.find("a");
        return model != null && model.pools().getFirst().manifest().concurrency() == concurrency;
    }

    private static void within(Duration limit, String what, BooleanSupplier is) {
        Await.until(what, limit, is);
    }

    @Test
    void aChangeIsSeenWithinThreeSeconds() {
        controller.publish(List.of(Sample.pool("a", "a", 9)));
        within(Duration.ofSeconds(3), "the change", () -> serves(one, 9) && serves(other, 9));

        controller.publish(List.of());
        within(
                Duration.ofSeconds(3),
                "the model is gone",
                () -> one.find("a") == null && other.find("a") == null);
    }

    @Test
    void aRedisThatComesBackEmptyIsFilledWhileNothingVanishes() {
        redis.kill();
        redis.start();
        var stored = client();
        within(
                Duration.ofSeconds(2),
                "the store is filled again",
                () -> {
                    assertThat(one.find("a")).isNotNull();
                    assertThat(other.find("a")).isNotNull();
                    return !stored.all(Tables.CATALOG).isEmpty();
                });
        assertThat(serves(gateway(), 4)).isTrue();
    }

    @Test
    void troubleIsSeenByTheOthersAndGoesWithAnAnswer() {
        var until = Instant.now().plusSeconds(30);
        var trouble = new PoolStatus(PoolStatus.State.FAILED, "x", "y", 401, Optional.of(until));

        one.statuses().troubled("a", trouble);
        within(Duration.ofSeconds(2), "the trouble", () -> status(other).equals(trouble));

        other.statuses().committed("a", System.nanoTime());
        within(
                Duration.ofSeconds(2),
                "all is well",
                () -> status(one).retryAt().isEmpty() && status(other).retryAt().isEmpty());
    }

    private static PoolStatus status(SharedCatalog gateway) {
        return gateway.find("a").pools().getFirst().status();
    }
}
