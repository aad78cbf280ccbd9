// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.catalog.live.PoolStatus;
import io.uplion.gateway.TestGateway;
import io.uplion.testing.http.BodyEnd;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// How long a gateway that stops waits where its settings do not say it.
class DrainTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Map<String, String> AS_LONG_AS_MODELS_TAKE =
            Map.of("DRAIN", "", "HEADERS_WAIT", "50ms");

    /// The model's timeout is ten minutes: nothing else may end this.
    @Test
    void answerThatRunsIsFinishedWithinItsModelsTimeout() {
        try (var gateway = TestGateway.start(AS_LONG_AS_MODELS_TAKE);
                var client = gateway.stream(Map.of())) {
            var worker = gateway.worker(gateway.queue().next(), "a").event("half");
            var stopped = CompletableFuture.runAsync(gateway.gateway()::close);
            Await.until("it stops", LIMIT, () -> !gateway.gateway().isReady());

            assertThat(client.next().orElseThrow().data()).isEqualTo("half");
            worker.event("whole").end();
            assertThat(client.data()).endsWith("whole", "[DONE]");
            assertThat(client.end()).isEqualTo(BodyEnd.COMPLETE);
            stopped.join();
        }
    }

    /// The longest of all pools, and no longer: a provider may hang.
    @Test
    void answerThatDoesNotEndIsWaitedForAsLongAsTheSlowestModelMayTake() {
        try (var gateway = TestGateway.start(AS_LONG_AS_MODELS_TAKE);
                var client = gateway.stream(Map.of())) {
            gateway.worker(gateway.queue().next(), "a").event("half");
            pool(gateway, "pool-a", Duration.ofSeconds(1));
            pool(gateway, "pool-b", Duration.ofMillis(100));

            var began = System.nanoTime();
            gateway.gateway().close();

            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
            assertThat(client.events().getLast().data()).contains("shutting_down");
        }
    }

    private static void pool(TestGateway gateway, String name, Duration timeout) {
        gateway.catalog().put(TestGateway.pool(name, timeout, timeout), PoolStatus.RUNNING);
    }
}
