// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.gateway.FakeWorker;
import io.uplion.gateway.TestGateway;
import io.uplion.task.FromWorker.Failure;
import io.uplion.task.UsageRecord.Outcome;
import io.uplion.testing.http.RawHttp;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/// A worker has the first word on what an answer used, but may not live to say it.
class LostAnswersTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    /// @param then what becomes of the answer once it has begun
    private static void accountedFor(Outcome outcome, BiConsumer<RawHttp, FakeWorker> then) {
        var gateway = TestGateway.start();
        try (gateway;
                var client = gateway.askForStream()) {
            var task = gateway.queue().next();
            var worker = gateway.worker(task, "a").event("x").event("y");
            client.readHead();
            then.accept(client, worker);
            Await.until("it is over", LIMIT, () -> gateway.openRequests() == 0);
            assertThat(gateway.usage()).as("the worker has the first word").isEmpty();
            gateway.close();
            assertThat(gateway.usage())
                    .singleElement()
                    .satisfies(
                            usage -> {
                                assertThat(usage.claim().task()).isEqualTo(task.id());
                                assertThat(usage.outcome()).isEqualTo(outcome);
                                assertThat(usage.tokens().input()).isPositive();
                                assertThat(usage.tokens().output())
                                        .as("what has come")
                                        .isEqualTo(2 * FakeWorker.EVENT_TOKENS);
                            });
        }
    }

    @Test
    void answerWhoseWorkerWasLostIsAccountedForByTheGateway() {
        accountedFor(Outcome.BROKEN, (_, worker) -> worker.close());
    }

    @Test
    void soIsOneWhoseClientLeft() {
        accountedFor(Outcome.CANCELLED, (client, _) -> client.close());
    }

    @Test
    void soIsOneWhoseUsageTheWorkerCouldNotStore() {
        accountedFor(
                Outcome.BROKEN, (_, worker) -> worker.fail(Failure.Kind.USAGE_NOT_DURABLE, "full"));
    }

    /// Not only when the gateway stops: it may be killed next.
    @Test
    void brokenAnswerIsAccountedForSoon() {
        try (var gateway = TestGateway.start();
                var client = gateway.askForStream()) {
            var worker = gateway.worker(gateway.queue().next(), "a").event("x");
            client.readHead();
            worker.close();

            Await.until("it is accounted for", LIMIT, () -> !gateway.usage().isEmpty());
            assertThat(gateway.usage().getFirst().outcome()).isEqualTo(Outcome.BROKEN);
        }
    }

    @Test
    void answerThatHadNotBegunCostsNothing() {
        var gateway = TestGateway.start();
        try (gateway;
                var client = gateway.askForStream()) {
            gateway.worker(gateway.queue().next(), "a");
            client.close();
            Await.until("it is over", LIMIT, () -> gateway.openRequests() == 0);
        }
        assertThat(gateway.usage()).isEmpty();
    }
}
