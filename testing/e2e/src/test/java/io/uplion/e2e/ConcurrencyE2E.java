// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.http.BodyEnd;
import io.uplion.testing.http.RawHttp;
import io.uplion.testing.http.SseClient;
import io.uplion.testing.platform.Platform;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
                "  concurrency: 500\n  limits: {queued: 5000}\n");
        api.model(
                "narrow", "tokens=4;interval=1ms", "  concurrency: 3\n  limits: {queued: 5000}\n");
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    @AfterEach
    void nothingIsLeft() {
        platform.provider().awaitInFlight(0, Duration.ofSeconds(10));
        Await.until("nothing is left", Duration.ofSeconds(10), () -> left() == 0);
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

    @Test
    void thousandStreamsEndWholeAndInOrder() throws InterruptedException {
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        together(
                STREAMS,
                _ -> {
                    SseClient stream =
                            SseClient.post(
                                    platform.url() + Api.CHAT,
                                    Api.chatBody("wide", ",\"stream\":true"),
                                    platform.headers(),
                                    Duration.ofSeconds(60));
                    List<String> data = stream.data();
                    boolean fine =
                            stream.end() == BodyEnd.COMPLETE
                                    && Api.text(data).equals(whole())
                                    && data.getLast().equals("[DONE]");
                    if (!fine) {
                        wrong.add(stream.status() + " " + stream.end() + " " + Api.text(data));
                    }
                    stream.close();
                });
        assertThat(wrong).isEmpty();
        assertThat(api.usage("wide").stream().map(one -> one.claim().task()).distinct())
                .hasSize(STREAMS);
    }

    @Test
    void fewSlotsServeManyOnEveryLoop() throws InterruptedException {
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        together(
                200,
                i -> {
                    if (i % 2 == 0) {
                        List<String> data = api.stream("narrow", "").data();
                        if (!Api.text(data).equals("t0 t1 t2 t3")
                                || !data.getLast().equals("[DONE]")) {
                            wrong.add(String.valueOf(data));
                        }
                    } else {
                        var answer = api.chat("narrow", "");
                        if (answer.status() != 200) {
                            wrong.add(answer.body());
                        }
                    }
                });
        assertThat(wrong).isEmpty();
        assertThat(api.usage("narrow")).hasSize(200);
    }

    @Test
    void clientsThatLeaveAtAnyMomentLeaveNothingBehind() throws InterruptedException {
        api.model("leaving", "tokens=30;interval=5ms", "  concurrency: 40\n");
        double threads = threads();
        Random random = new Random(7);
        List<Long> moments = random.longs(LEAVING, 0, 300_000_000).boxed().toList();
        together(
                LEAVING,
                i -> {
                    RawHttp client = api.connect();
                    String more = i % 3 == 0 ? "" : ",\"stream\":true";
                    client.post(Api.CHAT, Api.chatBody("leaving", more), platform.headers());
                    LockSupport.parkNanos(moments.get(i));
                    if (i % 2 == 0) {
                        client.reset();
                    } else {
                        client.close();
                    }
                });
        nothingIsLeft();
        assertThat(threads()).isLessThan(threads + 20);
        var records = api.usage("leaving");
        assertThat(records).extracting(one -> one.claim().task()).doesNotHaveDuplicates();
        assertThat(api.chat("leaving", "").status()).isEqualTo(200);
    }

    private static double threads() {
        return api.metric("jvm_threads_live_threads");
    }

    @FunctionalInterface
    private interface Client {
        void run(int number);
    }

    private static void together(int clients, Client client) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            int number = i;
            threads.add(Thread.ofVirtual().start(() -> client.run(number)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
