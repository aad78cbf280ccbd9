// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.portal.keys.NewKey;
import io.uplion.testing.platform.Platform;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A key with many waiting tasks does not keep another one out.
class FairSharesE2E {
    private static final int GREEDY_TASKS = 120;
    private static Platform platform;
    private static Api api;

    @BeforeAll
    static void start() {
        platform = Platform.start(Map.of());
        api = new Api(platform);
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    @Test
    void singleTaskOfAnotherKeyIsNotPushedBehindThoseOfAGreedyOne() throws Exception {
        var key = new NewKey("modest", "admin@localhost", Set.of(), Optional.empty());
        api.model("narrow", "ttft=50ms;tokens=1", "  concurrency: 2\n");
        var modest = Map.of("authorization", "Bearer " + platform.createKey(key));
        var ended = new ConcurrentLinkedQueue<String>();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < GREEDY_TASKS; i++) {
            clients.add(Thread.ofVirtual().start(() -> ask("narrow", "greedy", Map.of(), ended)));
        }
        Await.until(
                "the greedy key's tasks wait",
                Duration.ofSeconds(30),
                () -> api.metric("uplion_gateway_requests_held") > GREEDY_TASKS / 2.0);

        clients.add(Thread.ofVirtual().start(() -> ask("narrow", "modest", modest, ended)));
        for (Thread client : clients) {
            client.join();
        }

        var order = new ArrayList<>(ended);
        assertThat(order).as("nobody was refused").hasSize(GREEDY_TASKS + 1);
        int behind = order.size() - 1 - order.indexOf("modest");
        assertThat(behind).as("served after it").isGreaterThan(GREEDY_TASKS / 4);
        assertThat(api.metric("uplion_gateway_requests_held")).isZero();
    }

    @Test
    void queueThatOneKeyHasFilledTakesAnotherKeysTask() throws Exception {
        var key = new NewKey("other", "admin@localhost", Set.of(), Optional.empty());
        api.model("filled", "ttft=1s;tokens=1", "  concurrency: 1\n  limits: {queued: 6}\n");
        var other = Map.of("authorization", "Bearer " + platform.createKey(key));
        var ended = new ConcurrentLinkedQueue<String>();
        var clients = several(20, () -> ask("filled", "greedy", Map.of(), ended));
        Await.until(
                "the queue is full",
                Duration.ofSeconds(30),
                () -> api.metric("uplion_gateway_requests_open") >= 7);
        assertThat(api.chat("filled", "").status()).as("the greedy key").isEqualTo(503);

        var answer = api.post(Api.CHAT, Api.chatBody("filled", ""), other);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        for (Thread client : clients) {
            client.join();
        }
    }

    /// Five clients are refused at once, wait as long as each was told, and are let in.
    @Test
    void clientsThatObeyTheRetryAfterOfAFullQueueGetIn() throws Exception {
        api.model("full", "ttft=1s;tokens=1", "  concurrency: 2\n  limits: {queued: 8}\n");
        var ended = new ConcurrentLinkedQueue<String>();
        List<Thread> clients =
                new ArrayList<>(several(10, () -> ask("full", "x", Map.of(), ended)));
        Await.until("some have left", Duration.ofSeconds(30), () -> ended.size() >= 2);
        clients.addAll(several(4, () -> ask("full", "x", Map.of(), ended)));
        Await.until(
                "the queue is full again",
                Duration.ofSeconds(30),
                () -> api.metric("uplion_gateway_requests_open") >= 10);

        var refusals = new AtomicInteger();
        var statuses = new ConcurrentLinkedQueue<Integer>();
        clients.addAll(several(5, () -> statuses.add(obey("full", refusals))));
        for (Thread client : clients) {
            client.join();
        }

        assertThat(refusals.get()).as("refused at first").isGreaterThanOrEqualTo(3);
        assertThat(statuses).hasSize(5).allMatch(status -> status == 200);
    }

    private static List<Thread> several(int clients, Runnable client) {
        return IntStream.range(0, clients).mapToObj(_ -> Thread.ofVirtual().start(client)).toList();
    }

    /// @return the status of the second answer, where the first was a refusal
    private static int obey(String model, AtomicInteger refusals) {
        var first = api.chat(model, "");
        if (first.status() != 503) {
            return first.status();
        }
        refusals.incrementAndGet();
        var wait = Duration.ofSeconds(Long.parseLong(first.header("retry-after")));
        // As it was told: whether that time is enough is what is tested.
        LockSupport.parkNanos(wait.toNanos());
        return api.chat(model, "").status();
    }

    private static void ask(
            String model,
            String who,
            Map<String, String> headers,
            ConcurrentLinkedQueue<String> ended) {
        var answer = api.post(Api.CHAT, Api.chatBody(model, ""), headers);
        if (answer.status() == 200) {
            ended.add(who);
        }
    }
}
