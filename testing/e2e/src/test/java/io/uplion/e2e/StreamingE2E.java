// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.task.UsageRecord.Outcome;
import io.uplion.task.UsageRecord.Source;
import io.uplion.testing.http.BodyEnd;
import io.uplion.testing.http.RawHttp;
import io.uplion.testing.http.SseEvent;
import io.uplion.testing.platform.Platform;
import io.uplion.testing.provider.Ending;
import io.uplion.testing.provider.Served;
import io.uplion.testing.wait.Await;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The life of a request that waits, streams, and whose client may leave.
class StreamingE2E {
    /// At once, on a machine that may be busy; without leave to end, nothing here ends by then.
    private static final Duration PROMISED = Duration.ofSeconds(2);

    private static final Duration SOON = Duration.ofSeconds(20);

    private static Platform platform;
    private static Api api;

    @BeforeAll
    static void start() {
        platform =
                Platform.start(
                        Map.of(
                                "UPLION_GATEWAY_KEEP_ALIVE", "300ms",
                                "UPLION_GATEWAY_HEADERS_WAIT", "1s",
                                "UPLION_GATEWAY_UNSTREAMED_WAIT", "1s",
                                "UPLION_GATEWAY_SLOW_CLIENT_TIMEOUT", "1s"));
        api = new Api(platform);
        api.model("one-slot", "tokens=3", "  concurrency: 1\n");
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    @AfterEach
    void nothingIsLeft() {
        platform.provider().script("one-slot", "tokens=3");
        platform.provider().awaitInFlight(0, SOON);
        Await.until(
                "no request is open", SOON, () -> api.metric("uplion_gateway_requests_open") == 0);
        Await.until("no slot is in use", SOON, () -> api.metric("uplion_worker_slots_in_use") == 0);
        assertThat(api.metric("uplion_queue_tasks")).isZero();
        assertThat(api.metric("uplion_gateway_body_bytes")).isZero();
    }

    /// Takes the one slot until it is closed.
    private static AutoCloseable holdTheSlot() {
        platform.provider().script("one-slot", "silent-after=2");
        var holder = api.stream("one-slot", "");
        assertThat(holder.next()).isPresent();
        platform.provider().script("one-slot", "tokens=3");
        return holder;
    }

    @Test
    void eventsArriveAsTheyAreProduced() {
        platform.provider().script("fake", "tokens=4;interval=300ms");
        var events = api.stream("fake", "").events();
        assertThat(Api.text(events.stream().map(SseEvent::data).toList())).isEqualTo("t0 t1 t2 t3");
        var first = at(events, "t0");
        var last = at(events, "t3");
        assertThat(Duration.ofNanos(last - first)).isGreaterThan(Duration.ofMillis(600));
    }

    private static long at(List<SseEvent> events, String text) {
        return events.stream()
                .filter(event -> event.data().contains(text + "\""))
                .findFirst()
                .orElseThrow()
                .atNanos();
    }

    @Test
    void firstEventArrivesBeforeTheSecondIsProduced() throws Exception {
        platform.provider().script("fake", "silent-after=1");
        try (var stream = api.stream("fake", "")) {
            assertThat(stream.next()).isPresent();
            assertThat(platform.provider().inFlight()).isEqualTo(1);
        }
    }

    @Test
    void silenceIsBrokenByKeepAlives() {
        platform.provider().script("fake", "slow-headers=2s;tokens=2");
        var stream = api.stream("fake", "");
        assertThat(stream.status()).isEqualTo(200);
        assertThat(stream.head().header("content-type")).startsWith("text/event-stream");
        assertThat(stream.head().header("cache-control")).isEqualTo("no-cache");
        assertThat(Api.text(stream.data())).isEqualTo("t0 t1");
        assertThat(stream.comments()).contains("keep-alive").allMatch("keep-alive"::equals);
    }

    @Test
    void clientsErrorAfterTheHeadersWentOutIsAnEventAndABreak() {
        platform.provider().script("fake", "slow-headers=1500ms;status=400");
        var stream = api.stream("fake", "");
        var events = stream.events();
        assertThat(stream.status()).isEqualTo(200);
        assertThat(events).hasSize(1);
        assertThat(events.getFirst().name()).isEqualTo("error");
        Api.assertErrorObject(events.getFirst().data());
        assertThat(stream.end()).isIn(BodyEnd.TRUNCATED, BodyEnd.RESET);
    }

    @Test
    void waitingClientsHearTheirPlaceAndItNeverRises() throws Exception {
        var begun = new CountDownLatch(3);
        Crowd<List<Integer>> crowd;
        try (var _ = holdTheSlot()) {
            platform.provider().script("one-slot", "tokens=2;ttft=1200ms");
            crowd = Crowd.start(3, _ -> places(begun));
            assertThat(begun.await(20, TimeUnit.SECONDS)).as("all hear something").isTrue();
        }
        var places = crowd.answers();
        assertThat(places)
                .allSatisfy(
                        one -> assertThat(one).isNotEmpty().isSortedAccordingTo((a, b) -> b - a));
        assertThat(places.stream().map(List::getFirst)).contains(3);
        assertThat(places).anySatisfy(one -> assertThat(one).hasSizeGreaterThan(1).contains(1));
    }

    private static List<Integer> places(CountDownLatch begun) {
        var stream = api.stream("one-slot", "", Map.of("x-uplion-progress", "1"));
        begun.countDown();
        assertThat(Api.text(stream.data())).isEqualTo("t0 t1");
        return places(stream.comments());
    }

    private static List<Integer> places(List<String> comments) {
        return comments.stream()
                .filter(comment -> comment.startsWith("queue "))
                .map(comment -> Api.json(comment.substring(6)).path("position").asInt())
                .toList();
    }

    @Test
    void requestThatCannotStreamIsToldToComeAgain() throws Exception {
        try (var _ = holdTheSlot()) {
            var answer = api.chat("one-slot", ",\"user\":\"never\"");
            Api.assertError(answer, 503, "queue_timeout");
            assertThat(Integer.parseInt(answer.header("retry-after"))).isPositive();
        }
        // The slot is free now: whatever still stood in the queue would come before this one.
        assertThat(api.chat("one-slot", ",\"user\":\"later\"").status()).isEqualTo(200);
        assertThat(platform.provider().served("one-slot"))
                .extracting(Served::user)
                .contains("later")
                .doesNotContain("never");
    }

    @Test
    void clientMayWaitForLessTime() throws Exception {
        try (var _ = holdTheSlot()) {
            var stream = api.stream("one-slot", "", Map.of("x-uplion-timeout", "300ms"));
            assertThat(stream.status()).isEqualTo(503);
            assertThat(Api.assertErrorObject(stream.body()).path("code").asText())
                    .isEqualTo("queue_timeout");
            assertThat(stream.head().header("retry-after")).isNotEmpty();
        }
    }

    @Test
    void wrongTimeoutIsRefused() {
        for (String wrong : List.of("soon", "-1", "0", "1d", "9999999999999s")) {
            var answer =
                    api.post(Api.CHAT, Api.chatBody("fake", ""), Map.of("x-uplion-timeout", wrong));
            var error = Api.assertError(answer, 400, "invalid_value");
            assertThat(error.path("param").asText()).isEqualTo("x-uplion-timeout");
        }
        var fine =
                api.post(
                        Api.CHAT,
                        Api.chatBody("one-slot", ""),
                        Map.of("x-uplion-timeout", "999999999999h"));
        assertThat(fine.status()).isEqualTo(200);
    }

    @Test
    void fullQueueRefusesWithATime() throws Exception {
        api.model("narrow", "tokens=1", "  concurrency: 1\n  limits: {queued: 2}\n");
        platform.provider().script("narrow", "silent-after=1");
        try (var first = api.stream("narrow", "")) {
            first.next();
            var waiting = new ArrayList<RawHttp>();
            for (int i = 0; i < 2; i++) {
                waiting.add(
                        api.connect()
                                .post(
                                        Api.CHAT,
                                        Api.chatBody("narrow", ",\"stream\":true"),
                                        platform.headers()));
            }
            Await.until("two wait", SOON, () -> waiting("narrow") == 2);
            var refused = api.chat("narrow", "");
            Api.assertError(refused, 503, "queue_full");
            assertThat(Integer.parseInt(refused.header("retry-after"))).isPositive();
            waiting.forEach(RawHttp::reset);
            Await.until("nobody waits", SOON, () -> waiting("narrow") == 0);
        }
        platform.provider().script("narrow", "tokens=1");
        Await.until("the queue is open", SOON, () -> api.chat("narrow", "").status() == 200);
    }

    private static double waiting(String model) {
        return api.metric("uplion_queue_tasks", "model=\"" + model + "\"", "state=\"waiting\"");
    }

    @Test
    void clientThatLeavesAStreamStopsTheProvider() {
        platform.provider().script("fake", "tokens=10000;interval=20ms");
        var before = api.usage("fake").size();
        var stream = api.stream("fake", "");
        stream.next();
        stream.next();
        stream.close();
        platform.provider().awaitInFlight(0, PROMISED);
        var served = platform.provider().served("fake").getLast();
        assertThat(served.ending()).isEqualTo(Ending.CLIENT_GONE);
        Await.until("a usage record", SOON, () -> api.usage("fake").size() == before + 1);
        var usage = api.usage("fake").getLast();
        assertThat(usage.outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(usage.source()).isEqualTo(Source.PARTIAL);
        assertThat(usage.tokens().output()).isPositive();
    }

    @Test
    void clientThatLeavesBeforeTheAnswerStopsTheProvider() {
        platform.provider().script("fake", "silent");
        var before = api.usage("fake").size();
        for (boolean streamed : List.of(true, false)) {
            var client =
                    api.connect()
                            .post(
                                    Api.CHAT,
                                    Api.chatBody("fake", ",\"stream\":" + streamed),
                                    platform.headers());
            platform.provider().awaitInFlight(1, SOON);
            client.reset();
            platform.provider().awaitInFlight(0, SOON);
        }
        assertThat(api.usage("fake")).as("nothing was committed").hasSize(before);
    }

    @Test
    void clientThatLeavesTheQueueNeverReachesTheProvider() throws Exception {
        try (var _ = holdTheSlot()) {
            var client =
                    api.connect()
                            .post(
                                    Api.CHAT,
                                    Api.chatBody("one-slot", ",\"stream\":true,\"user\":\"gone\""),
                                    platform.headers());
            Await.until("it waits", SOON, () -> waiting("one-slot") == 1);
            client.close();
            Await.until("it is withdrawn", SOON, () -> waiting("one-slot") == 0);
        }
        assertThat(api.chat("one-slot", "").status()).isEqualTo(200);
        assertThat(platform.provider().served("one-slot"))
                .noneMatch(one -> one.received().body().toString().contains("gone"));
    }

    @Test
    void clientThatDoesNotReadIsCutAndOthersGoOn() {
        platform.provider().script("fake", "huge=64MB;interval=2ms");
        var before = api.usage("fake").size();
        var slow =
                api.connect()
                        .post(
                                Api.CHAT,
                                Api.chatBody("fake", ",\"stream\":true"),
                                platform.headers());
        platform.provider().awaitInFlight(1, SOON);
        assertThat(api.stream("one-slot", "").data()).hasSize(6);
        platform.provider().awaitInFlight(0, Duration.ofSeconds(20));
        Await.until("a usage record", SOON, () -> api.usage("fake").size() == before + 1);
        assertThat(api.usage("fake").getLast().outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(slow.readHead().status()).isEqualTo(200);
        slow.readBody();
        assertThat(slow.end()).isIn(BodyEnd.TRUNCATED, BodyEnd.RESET);
    }

    @Test
    void clientThatDoesNotReadAWholeAnswerIsCutToo() throws IOException {
        platform.provider().script("fake", "huge=16MB");
        var answered = api.usage("fake").size();
        try (var slow = new Socket()) {
            slow.setReceiveBufferSize(64 << 10);
            slow.connect(new InetSocketAddress("127.0.0.1", URI.create(platform.url()).getPort()));
            slow.setSoTimeout(10_000);
            var request = RawHttp.postText(Api.CHAT, Api.chatBody("fake", ""), platform.headers());
            slow.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            Await.until(
                    "it is answered",
                    Duration.ofSeconds(20),
                    () -> api.usage("fake").size() == answered + 1);
            // reason: nothing but reading tells a client that it is cut, and reading is progress
            LockSupport.parkNanos(Duration.ofSeconds(8).toNanos());
            assertThat(readToTheEnd(slow)).isPositive().isLessThan(16 << 20);
        }
    }

    private static long readToTheEnd(Socket socket) {
        var buffer = new byte[64 << 10];
        long all = 0;
        try {
            for (int n = 0; n >= 0; n = socket.getInputStream().read(buffer)) {
                all += n;
            }
        } catch (IOException e) {
            assertThat(e).isNotInstanceOf(SocketTimeoutException.class);
        }
        return all;
    }
}
