// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.idempotency;

import static io.uplion.gateway.idempotency.IdempotencyContract.claim;
import static io.uplion.gateway.idempotency.IdempotencyContract.now;
import static io.uplion.gateway.idempotency.IdempotencyContract.something;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.uplion.gateway.metrics.GatewayMetrics;
import io.uplion.testing.wait.Await;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What is done for a claim besides its request.
class ExecutionsTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final byte[] BODY = "{}".getBytes(StandardCharsets.UTF_8);

    private final Vertx vertx = Vertx.vertx();
    private final FakeStore store = new FakeStore();
    private final Executions executions =
            new Executions(vertx, store, 1 << 20, new GatewayMetrics(new SimpleMeterRegistry()));
    private final Claim claim = claim(something());
    private final AtomicInteger told = new AtomicInteger();

    @AfterEach
    void stop() {
        vertx.close().await();
        store.close();
    }

    private Execution begun() {
        assertThat(now(executions.claim(claim))).isEqualTo(new Claimed.Mine());
        return executions.begin(claim, "req_1", (ContextInternal) vertx.getOrCreateContext());
    }

    private void end(Execution execution) {
        execution.whole(200, "application/json", BODY, told::incrementAndGet);
        Await.until("its client is told", LIMIT, () -> told.get() == 1 && executions.open() == 0);
    }

    @Test
    void whatRunsIsRenewedUntilItEnds() {
        var execution = begun();
        executions.renew();
        assertThat(store.renewals()).isEqualTo(1);
        end(execution);
        executions.renew();
        assertThat(store.renewals()).isEqualTo(1);
        assertThat(store.ends()).isEqualTo(1);
        assertThat(executions.memory().held()).isZero();
    }

    @Test
    void anEndThatTheStoreDidNotTakeIsToldItAgain() {
        var execution = begun();
        store.away(true);
        end(execution);
        assertThat(executions.memory().held()).as("for the next try").isPositive();
        store.away(false);
        executions.renew();

        Await.until(
                "it is kept", LIMIT, () -> now(store.look(claim.asked())) instanceof Seen.Ended);
        Await.until("nothing is held", LIMIT, () -> executions.memory().held() == 0);
        executions.renew();
        assertThat(store.ends()).isEqualTo(2);
        assertThat(told).hasValue(1);
    }

    @Test
    void anEndThatTheStoreNeverTakesIsGivenUp() {
        var execution = begun();
        store.away(true);
        end(execution);
        for (var i = 0; i < 10; i++) {
            executions.renew();
        }
        assertThat(store.ends()).isEqualTo(6);
        assertThat(executions.memory().held()).isZero();
        assertThat(store.renewals()).isZero();
    }

    @Test
    void onlyTheFirstEndCounts() {
        var execution = begun();
        end(execution);
        execution.abandoned();
        execution.failed(KeyErrors.invalid());
        execution.refused(400, "application/json", BODY);
        execution.frame(BODY);
        execution.streamed(told::incrementAndGet);
        execution.whole(200, "application/json", BODY, told::incrementAndGet);

        assertThat(told).as("who is owed an end is told it").hasValue(3);
        assertThat(store.ends()).isEqualTo(1);
        assertThat(executions.memory().held()).isZero();
    }
}
