// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.openai.TokenUsage;
import io.uplion.testing.http.BodyEnd;
import io.uplion.testing.http.CannedServer;
import io.uplion.testing.http.SseComment;
import io.uplion.testing.load.End.Kind;
import io.uplion.testing.provider.Ending;
import io.uplion.testing.provider.FakeProvider;
import io.uplion.testing.provider.Served;
import io.uplion.testing.wait.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LoadTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final FakeProvider provider = FakeProvider.start();
    private final String url = "http://127.0.0.1:" + provider.port();
    private final Load load = Load.on(url);

    @AfterEach
    void stop() {
        load.close();
        provider.close();
    }

    private Observation one(Ask ask) {
        return load.start(1, _ -> ask).awaitEnd(LIMIT).getFirst();
    }

    private static List<Frame.Kind> kinds(Observation seen) {
        return seen.heard().frames().stream().map(Frame::kind).toList();
    }

    @Test
    void streamIsSeenFrameByFrame() {
        var seen = one(Ask.stream("fake;tokens=2;mark").withUsage());

        assertThat(seen.end().kind()).isEqualTo(Kind.COMPLETED);
        assertThat(seen.end().body()).isEqualTo(BodyEnd.COMPLETE);
        assertThat(seen.heard().requestId()).isEqualTo("req_fake_1");
        assertThat(seen.heard().text()).isEqualTo("t0@1 t1@1");
        assertThat(kinds(seen))
                .containsExactly(
                        Frame.Kind.SILENT,
                        Frame.Kind.TOKEN,
                        Frame.Kind.TOKEN,
                        Frame.Kind.FINISH,
                        Frame.Kind.USAGE,
                        Frame.Kind.DONE);
        assertThat(seen.heard().usage()).contains(TokenUsage.of(seen.sent().promptWords(), 2));
        assertThat(provider.served()).extracting(Served::user).contains(seen.sent().marker());
    }

    @Test
    void wholeAnswerIsOneFrame() {
        var seen = one(Ask.whole("fake;tokens=2").padded(100_000));

        assertThat(seen.end().kind()).isEqualTo(Kind.COMPLETED);
        assertThat(kinds(seen)).containsExactly(Frame.Kind.FINISH);
        assertThat(seen.heard().text()).isEqualTo("t0 t1");
        assertThat(seen.heard().usage()).contains(TokenUsage.of(3, 2));
    }

    @Test
    void errorHasItsStatusAndCode() {
        var seen = one(Ask.stream("fake;status=429;code=insufficient_quota;retry-after=7"));

        assertThat(seen.end().kind()).isEqualTo(Kind.HTTP_ERROR);
        assertThat(seen.heard().status()).isEqualTo(429);
        assertThat(seen.end().code()).isEqualTo("insufficient_quota");
        assertThat(seen.heard().headers()).containsEntry("retry-after", "7");
    }

    @Test
    void errorInTheStreamIsAnErrorEvent() {
        var seen = one(Ask.stream("fake;stream-error=3"));

        assertThat(seen.end().kind()).isEqualTo(Kind.ERROR_EVENT);
        assertThat(seen.heard().text()).isEqualTo("t0");
    }

    @Test
    void errorEventHasItsCode() throws Exception {
        var answer =
                """
                HTTP/1.1 200 OK\r
                x-request-id: req_7\r
                \r
                event: error
                data: {"error":{"message":"It broke.","type":"server_error","param":null,\
                "code":"upstream_error"}}

                """;
        try (var server = new CannedServer(answer);
                var other = Load.on(server.url().replaceAll("/$", ""))) {
            var seen = other.start(1, _ -> Ask.stream("fake")).awaitEnd(LIMIT).getFirst();

            assertThat(seen.end().kind()).isEqualTo(Kind.ERROR_EVENT);
            assertThat(seen.end().code()).isEqualTo("upstream_error");
            assertThat(seen.id()).isEqualTo("req_7");
        }
    }

    @Test
    void brokenConnectionsAreToldApart() {
        assertThat(one(Ask.stream("fake;cut=3")).end())
                .returns(Kind.CONNECTION_BROKEN, End::kind)
                .returns(BodyEnd.RESET, End::body);
        assertThat(one(Ask.stream("fake;hang-up=3")).end())
                .returns(Kind.CONNECTION_BROKEN, End::kind)
                .returns(BodyEnd.TRUNCATED, End::body);
        assertThat(one(Ask.stream("fake;close=3")).end())
                .returns(Kind.CONNECTION_BROKEN, End::kind)
                .returns(BodyEnd.COMPLETE, End::body);
        assertThat(one(Ask.whole("fake;cut=3")).is(Kind.CONNECTION_BROKEN)).isTrue();
        assertThat(one(Ask.whole("fake;not-json")).is(Kind.CONNECTION_BROKEN)).isTrue();
    }

    @Test
    void frameThatCannotBeReadIsKept() {
        assertThat(kinds(one(Ask.stream("fake;malformed=2")))).contains(Frame.Kind.UNREADABLE);
    }

    @Test
    void refusedConnectionIsAnObservationToo() {
        provider.close();
        var seen = one(Ask.stream("fake"));

        assertThat(seen.end().kind()).isEqualTo(Kind.CONNECTION_BROKEN);
        assertThat(seen.end().detail()).contains("Connection refused");
        assertThat(seen.heard().status()).isZero();
    }

    @Test
    void requestThatDoesNotEndIsHung() {
        var bound = Duration.ofMillis(200);
        for (var script : List.of("fake;silent", "fake;silent-after=2")) {
            var seen = one(Ask.stream(script).hungAfter(bound));
            assertThat(seen.end().kind()).isEqualTo(Kind.HUNG);
            assertThat(seen.duration()).isBetween(bound, bound.plusSeconds(2));
        }
        provider.awaitInFlight(0, Duration.ofSeconds(2));
    }

    @Test
    void clientsLeaveAfterSomeFramesOrSomeTime() {
        var frames = one(Ask.stream("fake;silent-after=4").leaving(new Leave.AfterFrames(3)));
        var time =
                one(Ask.stream("fake;silent").leaving(new Leave.AfterTime(Duration.ofMillis(100))));

        assertThat(frames.end().kind()).isEqualTo(Kind.CANCELLED_BY_CLIENT);
        assertThat(frames.heard().frames()).hasSize(3);
        assertThat(time.end().kind()).isEqualTo(Kind.CANCELLED_BY_CLIENT);
        provider.awaitServed(2, Duration.ofSeconds(2));
        assertThat(provider.served()).extracting(Served::ending).containsOnly(Ending.CLIENT_GONE);
    }

    @Test
    void answerThatEndsBeforeItsClientWouldLeaveIsComplete() {
        var seen = one(Ask.stream("fake;tokens=2").leaving(new Leave.AfterFrames(100)));
        assertThat(seen.end().kind()).isEqualTo(Kind.COMPLETED);
    }

    /// 40 KB at 20 KB/s. Without little buffers the kernel would take all of it at once.
    @Test
    void slowReaderSlowsTheServer() {
        var seen = one(Ask.stream("fake;tokens=40;pad=1KB").slowly(20_000));

        assertThat(seen.end().kind()).isEqualTo(Kind.COMPLETED);
        assertThat(seen.duration()).isGreaterThan(Duration.ofMillis(1_500));
    }

    @Test
    void commentsAreKeptWithTheirMoments() {
        var seen = one(Ask.stream("fake;tokens=2;comments;interval=500ms"));

        assertThat(seen.heard().comments()).extracting(SseComment::text).contains("ping");
        var comments = seen.heard().comments();
        assertThat(comments.getLast().atNanos() - comments.getFirst().atNanos())
                .isGreaterThan(100_000_000);
    }

    @Test
    void timesAreThoseOfTheTokens() {
        var seen = one(Ask.stream("fake;tokens=5;ttft=100ms;interval=200ms"));

        assertThat(seen.timeToFirstToken().orElseThrow())
                .isGreaterThanOrEqualTo(Duration.ofMillis(100));
        assertThat(seen.gaps()).hasSize(4);
        assertThat(Quantile.of(1, seen.gaps())).isGreaterThan(Duration.ofMillis(100));
    }

    @Test
    void fiveHundredStreamsAtOnceAreAllSeenWhole() {
        var ask = Ask.stream("fake;tokens=40;ttft=3s;interval=25ms;mark");
        var volley = load.start(500, _ -> ask);
        provider.awaitInFlight(500, LIMIT);

        var seen = volley.awaitSpoken(500, LIMIT).awaitEnd(LIMIT);
        assertThat(seen).hasSize(500).allMatch(one -> one.is(Kind.COMPLETED));
        assertThat(seen).allMatch(one -> one.heard().text().split(" ").length == 40);
        assertThat(seen.stream().map(Observation::id).collect(Collectors.toSet())).hasSize(500);
    }

    @Test
    void idleStreamsStayUntilTheyAreToldToLeave() {
        var volley = load.start(1_000, _ -> Ask.idle("fake;silent-after=1"));
        volley.awaitSpoken(1_000, LIMIT);
        assertThat(volley.observations()).isEmpty();

        assertThat(volley.leave().awaitEnd(LIMIT))
                .hasSize(1_000)
                .allMatch(one -> one.is(Kind.CANCELLED_BY_CLIENT));
        provider.awaitInFlight(0, Duration.ofSeconds(5));
    }

    @Test
    void rateIsKeptWhileAnswersAreSlow() {
        var volley = load.perSecond(100, _ -> Ask.stream("fake;ttft=400ms"));
        Await.until("a second's requests", LIMIT, () -> volley.started() >= 100);
        var seen = volley.stop().awaitEnd(LIMIT);

        assertThat(seen).hasSizeGreaterThanOrEqualTo(100).allMatch(one -> one.is(Kind.COMPLETED));
        var starts = seen.stream().mapToLong(one -> one.sent().atNanos()).sorted().toArray();
        assertThat(starts[99] - starts[0]).isBetween(900_000_000L, 20_000_000_000L);
    }

    @Test
    void clientsAskAgainUntilTheyAreStopped() {
        var volley = load.always(4, _ -> Ask.whole("fake"));
        Await.until("many answers", LIMIT, () -> volley.observations().size() >= 100);

        assertThat(volley.stop().awaitEnd(LIMIT)).allMatch(one -> one.is(Kind.COMPLETED));
        assertThat(load.observations()).hasSize(volley.started());
    }

    @Test
    void serversTakeTurnsAndGetTheKey() {
        provider.script("keyed", "key=sk-1");
        try (var other = FakeProvider.start();
                var both = Load.on("sk-1", List.of(url, "http://127.0.0.1:" + other.port()))) {
            other.script("keyed", "key=sk-1");
            var seen = both.start(10, _ -> Ask.stream("keyed")).awaitEnd(LIMIT);

            assertThat(seen).allMatch(one -> one.is(Kind.COMPLETED));
            assertThat(provider.served()).hasSize(5);
            assertThat(other.served()).hasSize(5);
        }
    }

    @Test
    void observationsSurviveAFile(@TempDir Path directory) throws Exception {
        load.start(1, _ -> Ask.stream("fake;comments").withUsage()).awaitEnd(LIMIT);
        load.start(1, _ -> Ask.stream("fake;cut=2")).awaitEnd(LIMIT);
        load.start(1, _ -> Ask.whole("fake;status=500")).awaitEnd(LIMIT);
        var file = directory.resolve("observations");

        ObservationFile.write(file, load.observations());

        assertThat(ObservationFile.read(file)).isEqualTo(load.observations()).hasSize(3);
        assertThat(new HashSet<>(load.observations())).hasSize(3);
    }
}
