// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.invariant.Rules;
import io.uplion.testing.load.Ask;
import io.uplion.testing.load.End.Kind;
import io.uplion.testing.load.Observation;
import io.uplion.testing.load.Volley;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// R25: faults of every kind in a row, in any order, while clients go on asking.
@ExtendWith(EndsInTheChecker.class)
class RandomFaultsE2E {
    private static final Duration END = Duration.ofSeconds(120);
    private static final String MODEL = "random-faults";
    private static final int LONG_FORM = 60;

    /// Requests between two faults that none of them touched.
    private static final int QUIET = 60;

    private static Cluster cluster;

    @BeforeAll
    static void start() {
        cluster = Cluster.shared();
        cluster.model(MODEL, "tokens=10;interval=50ms;mark=serial", "  concurrency: 64\n");
    }

    /// Each kind of fault once, in the long form each several times and the broker's too.
    @Test
    void randomFaultsInARowLeaveNothingBehind() {
        long seed = Long.getLong("uplion.faults.seed", System.nanoTime());
        var done = new ArrayList<Fault.Done>();
        cluster.witness().allow(rules(done));
        try (var load = cluster.loadOnAll()) {
            var volley = load.always(18, RandomFaultsE2E::ask);
            quiet(volley, done);
            var before = ProcessUse.of(cluster);
            for (var fault : faults(new Random(seed))) {
                done.add(fault.strike(cluster, MODEL));
                quiet(volley, done);
            }
            var after = ProcessUse.of(cluster);
            var seen = volley.stop().awaitEnd(END);

            assertThat(seen).as("seed " + seed).noneMatch(one -> one.is(Kind.HUNG));
            assertSuccessOutside(done, seen);
            before.assertNotOutgrownBy(after);
        }
    }

    private static List<Fault> faults(Random random) {
        boolean full = Boolean.getBoolean("uplion.faults");
        var all = new ArrayList<Fault>();
        do {
            var round = new ArrayList<>(Arrays.asList(Fault.values()));
            round.removeIf(fault -> fault == Fault.KILL_BROKER && !full);
            Collections.shuffle(round, random);
            all.addAll(round);
        } while (full && all.size() < LONG_FORM);
        return all;
    }

    private static Ask ask(int index) {
        return index % 4 == 0 ? Ask.whole(MODEL).hungAfter(END) : Ask.stream(MODEL).hungAfter(END);
    }

    /// However slow the machine is, each quiet time has as many requests to judge by.
    private static void quiet(Volley volley, List<Fault.Done> done) {
        long wanted = outside(done, volley.observations()).size() + QUIET;
        Await.until(
                "requests outside of faults",
                END,
                () -> outside(done, volley.observations()).size() >= wanted);
    }

    private static List<Observation> outside(List<Fault.Done> done, List<Observation> seen) {
        return seen.stream()
                .filter(one -> done.stream().noneMatch(fault -> fault.isDuring(one)))
                .toList();
    }

    /// A gateway's death breaks what it held and nothing else. A worker that stands still cannot
    /// stop its calls before it goes on.
    private static Rules rules(List<Fault.Done> done) {
        return Rules.STRICT
                .mayBreak(one -> done.stream().anyMatch(fault -> fault.mayBreak(one)))
                .stopWithin(Fault.STANDSTILL.plusSeconds(3))
                .stopAfterBreak(Fault.STANDSTILL.plusSeconds(5));
    }

    private static void assertSuccessOutside(List<Fault.Done> done, List<Observation> seen) {
        var outside = outside(done, seen);
        assertThat(outside).as("requests outside of faults").hasSizeGreaterThan(QUIET);
        assertThat(
                        outside.stream().filter(one -> one.is(Kind.COMPLETED)).count()
                                / (double) outside.size())
                .as("share of answers outside of faults; others: %s", failed(outside))
                .isGreaterThanOrEqualTo(0.99);
    }

    private static List<Observation> failed(List<Observation> seen) {
        return seen.stream().filter(one -> !one.is(Kind.COMPLETED)).limit(20).toList();
    }
}
