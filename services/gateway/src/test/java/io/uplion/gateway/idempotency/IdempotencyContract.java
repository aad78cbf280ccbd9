// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.gateway.idempotency.IdempotencyStore.Noted;
import io.uplion.gateway.idempotency.IdempotencyStore.Times;
import io.uplion.openai.ErrorCode;
import io.uplion.testing.wait.Await;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What every store of requests with a key does.
abstract class IdempotencyContract {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration LONG = Duration.ofMinutes(10);
    static final Times USUAL = new Times(LONG, LONG, LONG);

    /// All of one test see the same; each call is another node, where there may be several.
    abstract IdempotencyStore store(Times times);

    static Asked asked(String name, String body) {
        return new Asked(hex(name), hex(body));
    }

    private static String hex(String text) {
        return String.format("%064x", new BigInteger(1, text.getBytes(StandardCharsets.UTF_8)));
    }

    static Asked something() {
        return new Asked(
                (UUID.randomUUID().toString() + UUID.randomUUID()).replace("-", ""), hex("body"));
    }

    static Asked otherBody(Asked asked) {
        return new Asked(asked.name(), hex("other"));
    }

    static Claim claim(Asked asked) {
        return new Claim(asked, UUID.randomUUID());
    }

    static <T> T now(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    static Outcome whole(String body) {
        return new Outcome.Whole(
                "req_1", 200, "application/json", body.getBytes(StandardCharsets.UTF_8));
    }

    static void assertKept(Object found, Outcome outcome) {
        assertThat(found).isInstanceOf(Seen.Ended.class);
        var bytes = OutcomeBytes.write(((Seen.Ended) found).outcome());
        assertThat(Arrays.equals(bytes, OutcomeBytes.write(outcome))).as("%s", found).isTrue();
    }

    static Stream<Outcome> keptOutcomes() {
        var frames = "data: {\"a\":1}\n\ndata: ä\n\n".repeat(1000);
        return Stream.of(
                new Outcome.Streamed("req_1", frames.getBytes(StandardCharsets.UTF_8)),
                whole("{}"),
                new Outcome.Whole("req_2", 201, "text/plain; charset=utf-8", new byte[1 << 20]),
                new Outcome.NotKept());
    }

    static Stream<Outcome> freeingOutcomes() {
        var plain = ErrorCode.INTERNAL.error("One, \"two\".");
        return Stream.of(
                new Outcome.Refused(400, "application/json", new byte[] {'{', '}'}),
                new Outcome.Failed(plain),
                new Outcome.Failed(
                        ErrorCode.INVALID_VALUE
                                .error("A", "field")
                                .retryAfter(Duration.ofMillis(1500))
                                .asFinal()));
    }

    @Test
    void theFirstHasTheKeyAndWhoeverElseAsksIsToldThatItRuns() {
        var asked = something();
        var first = claim(asked);
        assertThat(now(store(USUAL).claim(first))).isEqualTo(new Claimed.Mine());
        assertThat(now(store(USUAL).claim(claim(asked)))).isEqualTo(new Seen.Running());
        assertThat(now(store(USUAL).look(asked))).isEqualTo(new Seen.Running());
        assertThat(now(store(USUAL).claim(first))).isEqualTo(new Claimed.Mine());
        assertThat(now(store(USUAL).claim(claim(something())))).isEqualTo(new Claimed.Mine());
    }

    @Test
    void anotherBodyIsToldSoWhileItRunsAndAfterwards() {
        var asked = something();
        var first = claim(asked);
        now(store(USUAL).claim(first));
        assertThat(now(store(USUAL).claim(claim(otherBody(asked)))))
                .isEqualTo(new Claimed.OtherBody());
        assertThat(now(store(USUAL).look(otherBody(asked)))).isEqualTo(new Seen.Gone());

        now(store(USUAL).end(first, whole("{}")));
        assertThat(now(store(USUAL).claim(claim(otherBody(asked)))))
                .isEqualTo(new Claimed.OtherBody());
        assertThat(now(store(USUAL).look(otherBody(asked)))).isEqualTo(new Seen.Gone());
    }

    @ParameterizedTest
    @MethodSource("keptOutcomes")
    void whatIsKeptComesBackAsItWas(Outcome outcome) {
        var asked = something();
        var first = claim(asked);
        now(store(USUAL).claim(first));
        assertThat(now(store(USUAL).end(first, outcome))).isEqualTo(new Noted.Done());

        assertKept(now(store(USUAL).claim(claim(asked))), outcome);
        assertKept(now(store(USUAL).look(asked)), outcome);
        now(store(USUAL).renew(first));
        assertKept(now(store(USUAL).claim(first)), outcome);
    }

    @ParameterizedTest
    @MethodSource("freeingOutcomes")
    void anEndThatFreesTheKeyIsToldToThoseWhoWait(Outcome outcome) {
        var asked = something();
        var first = claim(asked);
        now(store(USUAL).claim(first));
        now(store(USUAL).end(first, outcome));

        assertKept(now(store(USUAL).look(asked)), outcome);
        assertThat(now(store(USUAL).look(otherBody(asked)))).isEqualTo(new Seen.Gone());
        assertThat(now(store(USUAL).claim(claim(otherBody(asked))))).isEqualTo(new Claimed.Mine());
    }

    @Test
    void anEndIsNotToldForEver() {
        var store = store(new Times(LONG, LONG, Duration.ofMillis(100)));
        var first = claim(something());
        now(store.claim(first));
        now(store.end(first, new Outcome.Failed(ErrorCode.INTERNAL.error("A"))));
        Await.until("it is gone", LIMIT, () -> now(store.look(first.asked())) instanceof Seen.Gone);
    }

    @Test
    void aLeaseThatIsNotRenewedLapses() {
        var store = store(new Times(Duration.ofMillis(200), LONG, LONG));
        var first = claim(something());
        now(store.claim(first));
        Await.until("it is gone", LIMIT, () -> now(store.look(first.asked())) instanceof Seen.Gone);
        assertThat(now(store.claim(claim(otherBody(first.asked()))))).isEqualTo(new Claimed.Mine());
    }

    @Test
    void aRenewalIsALeaseOfItsOwn() {
        var brief = store(new Times(Duration.ofMillis(1), LONG, LONG));
        var first = claim(something());
        now(brief.claim(first));
        Await.until("it is gone", LIMIT, () -> now(brief.look(first.asked())) instanceof Seen.Gone);

        now(store(USUAL).renew(first));
        assertThat(now(store(USUAL).claim(claim(first.asked())))).isEqualTo(new Seen.Running());
    }

    @Test
    void whoWasReplacedNeitherRenewsNorEndsAnything() {
        var brief = store(new Times(Duration.ofMillis(1), LONG, LONG));
        var first = claim(something());
        now(brief.claim(first));
        Await.until("it is gone", LIMIT, () -> now(brief.look(first.asked())) instanceof Seen.Gone);
        var second = claim(first.asked());
        now(store(USUAL).claim(second));

        now(store(USUAL).renew(first));
        now(store(USUAL).end(first, whole("first")));
        assertThat(now(store(USUAL).look(first.asked()))).isEqualTo(new Seen.Running());
        now(store(USUAL).end(first, new Outcome.Failed(ErrorCode.INTERNAL.error("A"))));
        assertThat(now(store(USUAL).look(first.asked()))).isEqualTo(new Seen.Running());

        now(store(USUAL).end(second, whole("second")));
        now(store(USUAL).end(first, whole("first")));
        now(store(USUAL).end(first, new Outcome.Failed(ErrorCode.INTERNAL.error("A"))));
        assertKept(now(store(USUAL).look(first.asked())), whole("second"));
    }

    /// It was taken for dead, but nobody has taken its place.
    @Test
    void aLateAnswerIsKeptAllTheSame() {
        var brief = store(new Times(Duration.ofMillis(1), LONG, LONG));
        var first = claim(something());
        now(brief.claim(first));
        Await.until("it is gone", LIMIT, () -> now(brief.look(first.asked())) instanceof Seen.Gone);
        now(store(USUAL).end(first, whole("late")));
        assertKept(now(store(USUAL).claim(claim(first.asked()))), whole("late"));
    }

    @Test
    void anAnswerIsForgottenAfterItsTime() {
        var store = store(new Times(LONG, Duration.ofMillis(200), LONG));
        var first = claim(something());
        now(store.claim(first));
        now(store.end(first, whole("{}")));
        Await.until(
                "the key is free",
                LIMIT,
                () -> now(store.claim(claim(first.asked()))) instanceof Claimed.Mine);
    }

    @Test
    void ofManyWhoClaimAtOnceOneHasIt() {
        var asked = something();
        var stores = Collections.nCopies(4, USUAL).stream().map(this::store).toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var claims =
                    IntStream.range(0, 100)
                            .mapToObj(
                                    i ->
                                            CompletableFuture.supplyAsync(
                                                    () ->
                                                            now(
                                                                    stores.get(i % 4)
                                                                            .claim(claim(asked))),
                                                    threads))
                            .toList();
            var claimed = claims.stream().map(CompletableFuture::join).toList();
            assertThat(claimed).filteredOn(Claimed.Mine.class::isInstance).hasSize(1);
            assertThat(claimed).filteredOn(Seen.Running.class::isInstance).hasSize(99);
        }
    }
}
