// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.http.RawResponse;
import io.uplion.testing.load.Ask;
import io.uplion.testing.load.End.Kind;
import io.uplion.testing.load.Load;
import io.uplion.testing.platform.Program;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// One queue behind two gateways: who waits in it is told the truth and has its share.
class SharedQueueE2E {
    private static final Duration END = Duration.ofSeconds(120);

    /// Requests that gateways hold back, of all keys.
    private static final String HELD = "uplion_gateway_requests_held";

    private static Cluster cluster;

    @BeforeAll
    static void start() {
        cluster = Cluster.shared();
    }

    @Test
    void singleTaskOfAnotherKeyIsNotPushedBehindThoseOfAGreedyOne() {
        int greedyTasks = 120;
        var made = Program.run("key", "create", "--data", cluster.data().toString());
        assertThat(made.status()).as(made.errors()).isZero();
        cluster.model("narrow", "ttft=150ms;tokens=1", "  concurrency: 1\n");
        try (var greedy = cluster.load();
                var modest = Load.on(made.output().strip(), List.of(cluster.url()))) {
            var many = greedy.start(greedyTasks, _ -> Ask.whole("narrow").hungAfter(END));
            Await.until("the greedy key's tasks wait", END, () -> sum(HELD) > greedyTasks / 2);
            var one = modest.start(1, _ -> Ask.whole("narrow").hungAfter(END)).awaitEnd(END);
            var all = many.awaitEnd(END);

            assertThat(one).allMatch(seen -> seen.is(Kind.COMPLETED));
            assertThat(all).as("nobody was refused").allMatch(seen -> seen.is(Kind.COMPLETED));
            long served = one.getFirst().end().atNanos();
            assertThat(all.stream().filter(seen -> seen.end().atNanos() - served > 0))
                    .as("served after it")
                    .hasSizeGreaterThan(greedyTasks / 4);
            Await.until("nothing is held back", END, () -> sum(HELD) == 0);
        } finally {
            cluster.remove("narrow");
        }
    }

    /// Over all gateways and models.
    private static double sum(String metric) {
        return cluster.names("gateway").stream()
                .mapToDouble(gateway -> cluster.metric(gateway, metric))
                .sum();
    }

    /// Those that are refused wait as long as each was told, and are let in.
    @Test
    void clientsThatObeyTheRetryAfterOfAFullQueueGetIn() throws Exception {
        cluster.model("full", "ttft=2s;tokens=1", "  concurrency: 1\n  limits: {queued: 4}\n");
        try (var clients = Executors.newVirtualThreadPerTaskExecutor();
                var load = cluster.load()) {
            var first = load.start(8, _ -> Ask.whole("full").hungAfter(END));
            first.awaitSpoken(4, END);
            var second = load.start(6, _ -> Ask.whole("full").hungAfter(END));
            Await.until("it is full", END, () -> sum("uplion_gateway_requests_open") >= 8);
            Callable<Obeyed> obeying = SharedQueueE2E::obey;
            var asked = clients.invokeAll(Collections.nCopies(4, obeying));
            first.awaitEnd(END);
            second.awaitEnd(END);

            assertThat(asked)
                    .extracting(Future::get)
                    .allMatch(one -> one.last().status() == 200)
                    .anyMatch(Obeyed::wasRefused);
        } finally {
            cluster.remove("full");
        }
    }

    private record Obeyed(boolean wasRefused, RawResponse last) {}

    private static Obeyed obey() {
        var first = cluster.chat("full");
        if (first.status() != 503) {
            return new Obeyed(false, first);
        }
        var wait = Duration.ofSeconds(Long.parseLong(first.header("retry-after")));
        LockSupport.parkNanos(wait.toNanos());
        return new Obeyed(true, cluster.chat("full"));
    }
}
