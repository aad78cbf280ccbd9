// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.http.RawHttp;
import io.uplion.testing.http.SseClient;
import io.uplion.testing.load.Ask;
import io.uplion.testing.load.End.Kind;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// One queue behind two gateways: who waits in it has its share.
@ExtendWith(EndsInTheChecker.class)
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
        var key = cluster.newKey();
        cluster.model("narrow", "ttft=150ms;tokens=1", "  concurrency: 1\n");
        try (var greedy = cluster.load();
                var modest = cluster.loadAs(key)) {
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

    /// About the place: the broker is asked every other second. It never rises.
    @Test
    void waitingClientHearsItsPlaceOverTheBroker() {
        cluster.model("places", "ttft=4s;tokens=1", "  concurrency: 1\n");
        try (var others = cluster.load()) {
            var before = others.start(6, _ -> Ask.whole("places").hungAfter(END));
            Await.until("they wait", END, () -> waiting("places") >= 3);
            var headers = new HashMap<>(cluster.headers());
            headers.put("x-uplion-progress", "1");
            try (var client =
                    SseClient.post(
                            cluster.url() + "/v1/chat/completions",
                            "{\"model\":\"places\",\"stream\":true,\"messages\":"
                                    + "[{\"role\":\"user\",\"content\":\"hi\"}]}",
                            headers,
                            END)) {
                cluster.asked(client.head().header("x-request-id"));
                assertThat(client.data()).endsWith("[DONE]");
                var places =
                        client.comments().stream()
                                .filter(comment -> comment.startsWith("queue "))
                                .map(comment -> Integer.parseInt(comment.replaceAll("\\D", "")))
                                .toList();
                assertThat(places).as("places it was told").isNotEmpty();
                assertThat(places.getFirst()).isBetween(1, 7);
                assertThat(places).isSortedAccordingTo(Comparator.reverseOrder());
            }
            assertThat(before.awaitEnd(END)).allMatch(seen -> seen.is(Kind.COMPLETED));
        } finally {
            cluster.remove("places");
        }
    }

    /// As any gateway knows it.
    private static double waiting(String model) {
        try (var http = RawHttp.connect(cluster.endpoint("gateway-1-health"))) {
            return http.get("/metrics")
                    .readResponse()
                    .body()
                    .lines()
                    .filter(line -> line.startsWith("uplion_queue_tasks{model=\"" + model + "\""))
                    .filter(line -> line.contains("waiting"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll(".* ", "")))
                    .sum();
        }
    }

    /// Over all gateways and models.
    private static double sum(String metric) {
        return cluster.names("gateway").stream()
                .mapToDouble(gateway -> cluster.metric(gateway, metric))
                .sum();
    }
}
