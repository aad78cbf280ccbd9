// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.load.Ask;
import io.uplion.testing.load.End.Kind;
import io.uplion.testing.platform.Program;
import io.uplion.testing.wait.Await;
import java.time.Duration;
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
        var made = Program.run("key", "create", "--data", cluster.data().toString());
        assertThat(made.status()).as(made.errors()).isZero();
        cluster.model("narrow", "ttft=150ms;tokens=1", "  concurrency: 1\n");
        try (var greedy = cluster.load();
                var modest = cluster.loadAs(made.output().strip())) {
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
}
