// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.openai.TokenUsage;
import io.uplion.task.FromGateway.Cancel;
import io.uplion.task.FromGateway.Done;
import io.uplion.task.FromGateway.Go;
import io.uplion.task.FromGateway.Later;
import io.uplion.task.FromGateway.Letter;
import io.uplion.task.FromGateway.Lost;
import io.uplion.task.FromWorker;
import io.uplion.task.FromWorker.Failure;
import io.uplion.task.FromWorker.Failure.Kind;
import io.uplion.task.Task;
import io.uplion.task.UsageRecord.Outcome;
import io.uplion.task.UsageRecord.Source;
import io.uplion.worker.backend.Backend.Ended;
import io.uplion.worker.backend.Backend.Failed;
import io.uplion.worker.backend.Backend.Trouble;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AttemptTest {
    private final AttemptBench bench = new AttemptBench();

    @AfterEach
    void stop() {
        bench.close();
    }

    private void run(boolean stream) {
        bench.deliver(stream, "");
        bench.hear(new Go(1, new byte[0]));
    }

    @Test
    void gatewayIsAskedFirst() {
        bench.deliver(true, "");

        assertThat(bench.attach.task()).isEqualTo(bench.task.id());
        assertThat(bench.attach.nonce()).isEqualTo(bench.task.nonce());
        assertThat(bench.attach.pool()).isEqualTo("pool-a");
        assertThat(bench.attach.worker()).isEqualTo("pool-a-1");
        assertThat(bench.request).isNull();
        assertThat(bench.log).isEmpty();
    }

    @Test
    void wordThatComesWhileAttachingIsKept() {
        bench.answerWhileAttaching = Done.FORGET;
        bench.deliver(true, "");

        assertThat(bench.log).containsExactly("close", "ack");
    }

    @Test
    void leaveStartsTheCallWithTheClientsBytes() {
        run(true);

        assertThat(bench.request.body()).isEqualTo(((Task.Inline) bench.task.body()).bytes());
    }

    @Test
    void largeBodyComesWithTheLeave() {
        var body = AttemptBench.body(true, "").getBytes(StandardCharsets.UTF_8);
        bench.deliver(true, "", new Task.Kept(body.length));
        bench.hear(new Go(1, body));

        assertThat(bench.request.body()).isEqualTo(body);
    }

    @Test
    void laterHandsTheTaskBack() {
        bench.deliver(true, "");
        bench.hear(new Later(Duration.ofSeconds(3)));

        assertThat(bench.log).containsExactly("close", "later PT3S");
        assertThat(bench.ended).isEqualTo(1);
    }

    @Test
    void doneForgetsTheTask() {
        bench.deliver(true, "");
        bench.hear(Done.FORGET);

        assertThat(bench.log).containsExactly("close", "ack");
    }

    @Test
    void usageIsDurableBeforeTheEnd() {
        run(true);
        bench.chunk("{\"choices\":[{\"delta\":{\"content\":\"1234\"}}]}");
        bench.commit();
        bench.receiptsWait = true;
        bench.signal(new Ended());
        assertThat(bench.log).containsExactly("event", "accounts", "usage COMPLETED");

        bench.receipt(null);

        assertThat(bench.log)
                .containsExactly("event", "accounts", "usage COMPLETED", "end", "close", "ack");
        assertThat(bench.usage.tokens()).isEqualTo(TokenUsage.of(1, 1));
        assertThat(bench.usage.source()).isEqualTo(Source.ESTIMATED);
        assertThat(bench.sent).contains(new FromWorker.End(TokenUsage.of(1, 1)));
        assertThat(bench.usage.claim()).isEqualTo(bench.claim);
        assertThat(bench.usage.status()).isEqualTo(200);
    }

    @Test
    void answerThatEndsBeforeTheClaimWaitsForIt() {
        run(true);
        bench.chunk("{\"choices\":[{\"delta\":{\"content\":\"1234\"}}]}");
        bench.signal(new Ended());
        assertThat(bench.log).containsExactly("event");

        bench.commit();

        assertThat(bench.log)
                .containsExactly("event", "accounts", "usage COMPLETED", "end", "close", "ack");
    }

    @Test
    void receiptThatFailsBreaksTheAnswer() {
        run(true);
        bench.chunk("{\"choices\":[{\"delta\":{\"content\":\"1234\"}}]}");
        bench.commit();
        bench.receiptsWait = true;
        bench.signal(new Ended());
        bench.receipt(new IllegalStateException("the disk is full"));

        assertThat(bench.log)
                .containsExactly(
                        "event",
                        "accounts",
                        "usage COMPLETED",
                        "failed USAGE_NOT_DURABLE",
                        "close",
                        "ack");
    }

    @Test
    void wholeAnswerIsOneFrame() {
        run(false);
        bench.whole(
                200, "{\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}");
        bench.commit();

        assertThat(bench.log)
                .containsExactly(
                        "answer 200", "accounts", "usage COMPLETED", "end", "close", "ack");
        assertThat(bench.usage.tokens()).isEqualTo(TokenUsage.of(3, 4));
        assertThat(bench.usage.source()).isEqualTo(Source.REPORTED);
    }

    @Test
    void clientsErrorUsesNothing() {
        run(false);
        bench.error(400);
        assertThat(bench.log).as("the gateway has not taken it yet").containsExactly("answer 400");
        bench.commit();

        assertThat(bench.log).containsExactly("answer 400", "accounts", "end", "close", "ack");
    }

    /// Were it acknowledged, nobody would ever tell its client.
    @Test
    void clientsErrorThatDidNotArriveIsHandedBack() {
        run(false);
        bench.error(400);
        bench.hear(new Lost(true));

        assertThat(bench.log).containsSubsequence("answer 400", "close", "later PT1S");
        assertThat(bench.log).doesNotContain("ack");
    }

    @Test
    void failureBeforeTheFirstFrameIsTheGatewaysAffair() {
        run(true);
        bench.signal(new Failed(Failure.of(Kind.UPSTREAM_ERROR, "the provider answered 500")));
        assertThat(bench.log).containsExactly("failed UPSTREAM_ERROR");

        bench.hear(new Later(Duration.ofMillis(200)));
        assertThat(bench.log)
                .containsExactly("failed UPSTREAM_ERROR", "cancel", "close", "later PT0.2S");
    }

    @Test
    void letterIsWrittenBeforeTheTaskIsForgotten() {
        run(true);
        bench.signal(new Failed(Failure.of(Kind.UPSTREAM_ERROR, "the provider answered 500")));
        var headers = Map.of("user-agent", "a test");
        bench.hear(new Done(Optional.of(new Letter(headers, new byte[0], "it failed")), false));

        assertThat(bench.log)
                .containsSubsequence("failed UPSTREAM_ERROR", "letter", "close", "ack");
        assertThat(bench.letter.reason()).isEqualTo("it failed");
        assertThat(bench.letter.headers()).isEqualTo(headers);
        assertThat(bench.letter.pool()).isEqualTo("pool-a");
        assertThat(bench.letter.body()).isEqualTo(bench.request.body());
    }

    @Test
    void failureAfterTheFirstFrameBreaksTheAnswerAndCostsNothing() {
        run(true);
        bench.chunk("{\"choices\":[{\"delta\":{\"content\":\"1234\"}}]}");
        bench.commit();
        bench.signal(new Failed(Failure.of(Kind.CUT, "cut")));

        assertThat(bench.log)
                .containsExactly("event", "accounts", "usage BROKEN", "failed CUT", "close", "ack");
        assertThat(bench.usage.source()).isEqualTo(Source.PARTIAL);
    }

    @Test
    void troubleOfThePoolMakesItRestWhenTheGatewayAgrees() {
        run(true);
        bench.signal(
                new Trouble(429, "RateLimited", Optional.of(Duration.ofSeconds(9)), "slow down"));
        assertThat(bench.log).containsExactly("trouble 429 RateLimited");
        assertThat(bench.rests).isEmpty();

        bench.hear(new Later(Duration.ofMillis(20)));

        assertThat(bench.rests).containsExactly("RateLimited");
        assertThat(bench.log).contains("later PT0.02S");
    }

    /// The gateway answers the client as soon as it has said so.
    @Test
    void poolRestsBeforeTheGatewayGoesOn() {
        run(true);
        bench.signal(new Trouble(402, "QuotaExceeded", Optional.empty(), "no"));

        bench.hearBeside(
                Done.FORGET, () -> assertThat(bench.rests).containsExactly("QuotaExceeded"));

        assertThat(bench.rests).as("once").hasSize(1);
        assertThat(bench.log).contains("ack");
    }

    @Test
    void troubleThatIsTheTasksOwnRestsNobody() {
        run(true);
        bench.signal(new Trouble(404, "ConfigurationError", Optional.empty(), "no"));
        bench.hear(new Done(Optional.empty(), true));

        assertThat(bench.rests).isEmpty();
        assertThat(bench.log).contains("ack");
    }

    @Test
    void troubleThatEndsTheTaskRestsThePoolToo() {
        run(true);
        bench.signal(new Trouble(401, "AuthenticationError", Optional.empty(), "no"));
        bench.hear(Done.FORGET);

        assertThat(bench.rests).containsExactly("AuthenticationError");
        assertThat(bench.log).contains("ack");
    }

    @Test
    void cancelBeforeTheFirstFrameReportsNothing() {
        run(true);
        bench.hear(new Cancel(Cancel.Reason.CLIENT_GONE));

        assertThat(bench.log).containsExactly("cancel", "close", "ack");
    }

    @Test
    void cancelInMidAnswerReportsWhatWasProduced() {
        run(true);
        bench.chunk("{\"choices\":[{\"delta\":{\"content\":\"12345678\"}}]}");
        bench.commit();
        bench.hear(new Cancel(Cancel.Reason.CLIENT_GONE));

        assertThat(bench.log)
                .containsExactly("event", "accounts", "cancel", "usage CANCELLED", "close", "ack");
        assertThat(bench.usage.tokens().output()).isEqualTo(2);
        assertThat(bench.usage.source()).isEqualTo(Source.PARTIAL);
    }

    @Test
    void shutdownOfTheGatewayCostsNothing() {
        run(true);
        bench.chunk("{\"choices\":[{\"delta\":{\"content\":\"12345678\"}}]}");
        bench.commit();
        bench.hear(new Cancel(Cancel.Reason.SHUTTING_DOWN));

        assertThat(bench.usage.outcome()).isEqualTo(Outcome.BROKEN);
    }

    @Test
    void cancelWhileTheReceiptIsAwaitedReportsNothingTwice() {
        run(true);
        bench.chunk("{\"choices\":[{\"delta\":{\"content\":\"12345678\"}}]}");
        bench.commit();
        bench.receiptsWait = true;
        bench.signal(new Ended());
        bench.hear(new Cancel(Cancel.Reason.CLIENT_GONE));
        bench.receipt(null);

        assertThat(bench.log.stream().filter(line -> line.startsWith("usage")))
                .containsExactly("usage COMPLETED");
        assertThat(bench.log).endsWith("close", "ack");
    }

    @Test
    void signalsAfterTheEndAreIgnored() {
        run(true);
        bench.hear(new Cancel(Cancel.Reason.CLIENT_GONE));
        bench.chunk("{\"choices\":[{\"delta\":{\"content\":\"late\"}}]}");
        bench.signal(new Ended());
        bench.hear(new Go(2, new byte[0]));
        bench.hear(Done.FORGET);

        assertThat(bench.log).containsExactly("cancel", "close", "ack");
        assertThat(bench.ended).isEqualTo(1);
    }

    @Test
    void silenceBeforeTheFirstFrameIsATimeout() {
        run(true);
        bench.tick(Duration.ofMillis(900));
        assertThat(bench.log).isEmpty();
        bench.tick(Duration.ofMillis(1100));

        assertThat(bench.log).containsExactly("cancel", "failed TIMEOUT");
    }

    @Test
    void silenceInMidAnswerIsATimeout() {
        run(true);
        bench.chunk("{\"choices\":[{\"delta\":{\"content\":\"1234\"}}]}");
        bench.commit();
        bench.tick(Duration.ofMillis(1900));
        assertThat(bench.log).containsExactly("event", "accounts");
        bench.tick(Duration.ofMillis(2100));

        assertThat(bench.log)
                .containsExactly(
                        "event",
                        "accounts",
                        "cancel",
                        "usage BROKEN",
                        "failed TIMEOUT",
                        "close",
                        "ack");
    }

    @Test
    void wholeAnswerMayBeSilentUpToTheTimeoutOfTheAttempt() {
        run(false);
        bench.tick(Duration.ofMillis(4900));
        assertThat(bench.log).isEmpty();
        bench.tick(Duration.ofMillis(5100));

        assertThat(bench.log).containsExactly("cancel", "failed TIMEOUT");
    }

    @Test
    void timersRestBeforeLeaveAndAfterTheEnd() {
        bench.deliver(true, "");
        bench.tick(Duration.ofHours(1));
        assertThat(bench.log).isEmpty();
        bench.hear(Done.FORGET);
        bench.tick(Duration.ofHours(1));

        assertThat(bench.log).containsExactly("close", "ack");
    }

    @Test
    void bodyThatCannotBeReadIsNonsenseAndNoCrash() {
        bench.deliver(true, "", new Task.Kept(3));
        bench.hear(new Go(1, "[1]".getBytes(StandardCharsets.UTF_8)));

        assertThat(bench.log).containsExactly("failed NONSENSE");
        assertThat(bench.sent.getLast()).isInstanceOf(FromWorker.Failed.class);
    }
}
