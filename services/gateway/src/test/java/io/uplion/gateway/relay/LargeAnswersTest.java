// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.gateway.FakeWorker;
import io.uplion.gateway.TestGateway;
import io.uplion.task.FromGateway.Cancel;
import io.uplion.task.FromGateway.Committed;
import io.uplion.testing.http.BodyEnd;
import io.uplion.testing.http.Intake;
import io.uplion.testing.http.RawHttp;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Answers that clients do not take, and the memory that there is for them.
class LargeAnswersTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Intake LITTLE = new Intake(4096, 8192, 0);

    /// More than all kernels between here and the client take.
    private static final int LARGE = 24 << 20;

    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of("ANSWER_MEMORY", "30MiB"));
    }

    @AfterEach
    void nothingIsHeld() {
        gateway.awaitIdle();
        Await.until("no answer is held", LIMIT, () -> held() == 0);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static long held() {
        return (long) gateway.meters().get("uplion.gateway.answer.bytes").gauge().value();
    }

    /// Its client does not read yet.
    private static RawHttp ask(boolean stream) {
        return RawHttp.connect(gateway.url(), LITTLE)
                .post("/v1/chat/completions", TestGateway.chat(stream))
                .waitAtMost(LIMIT);
    }

    private static FakeWorker worker() {
        return gateway.worker(gateway.queue().next(), "a");
    }

    private static String json(int length) {
        return "{\"x\":\"" + "y".repeat(length) + "\"}";
    }

    @Test
    void answerForWhichThereIsNoRoomIsRefusedAndUsesNothing() {
        try (var slow = ask(false);
                var other = ask(false)) {
            worker().answer(200, json(LARGE)).end();
            Await.until("it is held", LIMIT, () -> held() > LARGE / 2);

            var refused = worker().answer(200, json(LARGE));
            var answer = other.readResponse();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body()).contains("overloaded");
            assertThat(answer.header("retry-after")).isEqualTo("1");
            assertThat(refused.last()).isInstanceOf(Cancel.class);
            assertThat(refused.heard()).noneMatch(Committed.class::isInstance);

            assertThat(slow.readResponse().body().equals(json(LARGE))).as("whole").isTrue();
        }
    }

    @Test
    void smallAnswerFindsRoomBesideALargeOne() {
        try (var slow = ask(false);
                var other = ask(false)) {
            worker().answer(200, json(LARGE)).end();
            Await.until("it is held", LIMIT, () -> held() > LARGE / 2);

            worker().answer(200, json(1000)).end();
            assertThat(other.readResponse().body()).isEqualTo(json(1000));
            slow.reset();
        }
    }

    @Test
    void roomIsThereAgainWhenAClientLeavesWithoutItsAnswer() {
        var slow = ask(false);
        worker().answer(200, json(LARGE)).end();
        Await.until("it is held", LIMIT, () -> held() > LARGE / 2);
        slow.reset();
        slow.close();
    }

    @Test
    void streamForWhoseEventThereIsNoRoomBreaksWithAnError() {
        try (var slow = ask(false);
                var stream = ask(true)) {
            worker().answer(200, json(LARGE)).end();
            Await.until("it is held", LIMIT, () -> held() > LARGE / 2);

            var worker = worker().event("{\"first\":1}").event(json(LARGE));
            assertThat(worker.last()).isInstanceOf(Cancel.class);
            stream.readHead();
            assertThat(stream.readBody())
                    .hasSizeLessThan(LARGE)
                    .contains("first", "event: error", "overloaded");
            assertThat(stream.end()).isNotEqualTo(BodyEnd.COMPLETE);
            slow.reset();
        }
    }

    @Test
    void largeEventArrivesWholeWithWhatFollowsIt() {
        try (var stream = ask(true)) {
            worker().event("{\"first\":1}").event(json(LARGE)).end();
            stream.readHead();
            var body = stream.readBody();
            var expected = "data: {\"first\":1}\n\ndata: " + json(LARGE) + "\n\ndata: [DONE]\n\n";
            assertThat(body.equals(expected)).as("it is whole").isTrue();
            assertThat(stream.end()).isEqualTo(BodyEnd.COMPLETE);
        }
    }
}
