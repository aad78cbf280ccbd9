// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.http.BodyEnd;
import io.uplion.testing.http.RawHttp;
import io.uplion.testing.http.SseClient;
import io.uplion.testing.platform.Platform;
import io.uplion.testing.provider.Ending;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Many clients at once, and many that leave.
class ConcurrencyE2E {
    private static final int STREAMS = 1000;
    private static final int LEAVING = 400;
    private static final int TOKENS = 20;
    private static Platform platform;
    private static Api api;

    @BeforeAll
    static void start() {
        platform = Platform.start(Map.of("UPLION_GATEWAY_UNSTREAMED_WAIT", "5m"));
        api = new Api(platform);
        api.model(
                "wide",
                "tokens=" + TOKENS + ";interval=5ms",
                "  concurrency: 1000\n  limits: {queued: 5000}\n");
        api.model(
                "narrow", "tokens=4;interval=1ms", "  concurrency: 3\n  limits: {queued: 5000}\n");
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    @AfterEach
    void nothingIsLeft() {
        platform.provider().awaitInFlight(0, Duration.ofSeconds(60));
        Await.until("nothing is left", Duration.ofSeconds(60), () -> left() == 0);
    }

    private static double left() {
        return api.metric("uplion_gateway_requests_open")
                + api.metric("uplion_queue_tasks")
                + api.metric("uplion_worker_slots_in_use")
                + api.metric("uplion_gateway_body_bytes");
    }

    private static String whole() {
        return IntStream.range(0, TOKENS).mapToObj(i -> "t" + i).collect(Collectors.joining(" "));
    }

    /// @param ids of the answers that its chunks belong to
    private record Heard(int status, BodyEnd end, String text, String last, Set<String> ids) {

        static Heard all(SseClient stream) {
            try (stream) {
                List<String> data = stream.data();
                return new Heard(
                        stream.status(),
                        stream.end(),
                        Api.text(data),
                        data.isEmpty() ? "" : data.getLast(),
                        ids(data));
            }
        }

        private static Set<String> ids(List<String> data) {
            return data.stream()
                    .filter(one -> one.startsWith("{"))
                    .map(one -> Api.json(one).path("id").asText())
                    .collect(Collectors.toSet());
        }

        void assertWhole(String expected) {
            assertThat(status).isEqualTo(200);
            assertThat(end).isEqualTo(BodyEnd.COMPLETE);
            assertThat(text).isEqualTo(expected);
            assertThat(last).isEqualTo("[DONE]");
            assertThat(ids).hasSize(1);
        }
    }

    @Test
    void thousandStreamsEndWholeAndInOrder() throws InterruptedException {
        platform.provider().hold("wide");
        Crowd<Heard> crowd = Crowd.start(STREAMS, _ -> Heard.all(stream()));
        try {
            platform.provider().awaitInFlight(STREAMS, Duration.ofSeconds(60));
            assertThat(api.metric("uplion_gateway_requests_open")).isEqualTo(STREAMS);
            assertThat(api.metric("uplion_worker_slots_in_use")).isEqualTo(STREAMS);
        } finally {
            platform.provider().release("wide");
        }
        List<Heard> heard = crowd.answers();
        assertThat(heard).hasSize(STREAMS).allSatisfy(one -> one.assertWhole(whole()));
        assertThat(heard.stream().flatMap(one -> one.ids().stream()).distinct()).hasSize(STREAMS);
        assertThat(api.usage("wide").stream().map(one -> one.claim().task()).distinct())
                .hasSize(STREAMS);
    }

    private static SseClient stream() {
        return SseClient.post(
                platform.url() + Api.CHAT,
                Api.chatBody("wide", ",\"stream\":true"),
                platform.headers(),
                Duration.ofSeconds(60));
    }

    @Test
    void fewSlotsServeManyOnEveryLoop() throws InterruptedException {
        Crowd<Boolean> crowd =
                Crowd.start(
                        200,
                        i -> {
                            if (i % 2 == 0) {
                                Heard.all(api.stream("narrow", "")).assertWhole("t0 t1 t2 t3");
                            } else {
                                var answer = api.chat("narrow", "");
                                assertThat(answer.status()).as(answer.body()).isEqualTo(200);
                                assertThat(answer.body()).contains("t0 t1 t2 t3");
                            }
                            return true;
                        });
        assertThat(crowd.answers()).hasSize(200);
        assertThat(api.usage("narrow")).hasSize(200);
    }

    @Test
    void clientsThatLeaveAtAnyMomentLeaveNothingBehind() throws InterruptedException {
        api.model("leaving", "tokens=30;interval=5ms", "  concurrency: 40\n");
        // The first makes the threads that stay.
        leaveInCrowd();
        leaveInCrowd();
        LiveThreads before = LiveThreads.count();
        leaveInCrowd();
        Await.until(
                "no more threads than " + before,
                Duration.ofSeconds(60),
                () -> LiveThreads.count().isAtMost(before, 2));
        assertThat(platform.provider().served("leaving"))
                .as("some left while they were answered")
                .anyMatch(one -> one.ending() == Ending.CLIENT_GONE);
        var records = api.usage("leaving");
        assertThat(records).extracting(one -> one.claim().task()).doesNotHaveDuplicates();
        assertThat(api.chat("leaving", "").status()).isEqualTo(200);
    }

    private void leaveInCrowd() throws InterruptedException {
        Random random = new Random(7);
        List<Long> moments = random.longs(LEAVING, 0, 300_000_000).boxed().toList();
        Crowd<Boolean> crowd = Crowd.start(LEAVING, i -> leave(i, moments.get(i)));
        assertThat(crowd.answers()).hasSize(LEAVING);
        nothingIsLeft();
    }

    /// A count that cannot see a thread of each kind would never fail.
    @Test
    void threadsOfBothKindsAreCounted() throws InterruptedException {
        LiveThreads before = LiveThreads.count();
        CountDownLatch end = new CountDownLatch(1);
        List<Thread> more =
                Stream.of(Thread.ofVirtual(), Thread.ofPlatform())
                        .flatMap(
                                kind ->
                                        Stream.generate(() -> kind.start(() -> await(end)))
                                                .limit(9))
                        .toList();
        try {
            Await.until(
                    "they are seen",
                    Duration.ofSeconds(30),
                    () ->
                            LiveThreads.count().virtual() >= before.virtual() + 7
                                    && LiveThreads.count().platform() >= before.platform() + 7);
        } finally {
            end.countDown();
        }
        for (Thread one : more) {
            one.join();
        }
    }

    private static void await(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean leave(int number, long afterNanos) {
        RawHttp client = api.connect();
        String more = number % 3 == 0 ? "" : ",\"stream\":true";
        client.post(Api.CHAT, Api.chatBody("leaving", more), platform.headers());
        // Whatever has happened until then: that is the chance in it.
        LockSupport.parkNanos(afterNanos);
        if (number % 2 == 0) {
            client.reset();
        } else {
            client.close();
        }
        return true;
    }
}
