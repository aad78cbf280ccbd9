// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.invariant.Rules;
import io.uplion.testing.load.Ask;
import io.uplion.testing.load.End.Kind;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The broker and the store go and come back, and faults of every kind in a row: R3 and R25.
class BrokerFaultsE2E {
    private static final Duration END = Duration.ofSeconds(120);
    private static final String MODEL = "broker-faults";
    private static Cluster cluster;

    @BeforeAll
    static void start() {
        cluster = Cluster.shared();
        cluster.model(MODEL, "tokens=10;interval=50ms;mark=serial", "  concurrency: 64\n");
    }

    @BeforeEach
    void everythingAnswers() {
        Await.until("requests are answered", END, () -> cluster.chat(MODEL).status() == 200);
    }

    /// R3: what was taken is answered, what is not is refused within seconds, nothing hangs.
    @Test
    void brokerThatIsKilledIsBackAndNothingIsLost() {
        cluster.provider().script(MODEL, "tokens=10;interval=50ms;mark=serial");
        try (var load = cluster.load()) {
            var volley = load.perSecond(10, _ -> Ask.stream(MODEL).hungAfter(END));
            volley.awaitSpoken(20, END);
            long killed = cluster.process("pulsar").pid();
            Cluster.signal(killed, "KILL");
            cluster.awaitProcess("pulsar", killed);
            Await.until("requests are answered", END, () -> cluster.chat(MODEL).status() == 200);
            int spoken = volley.spoken();
            volley.awaitSpoken(spoken + 20, END);
            var seen = volley.stop().awaitEnd(END);

            assertThat(seen)
                    .noneMatch(one -> one.is(Kind.HUNG))
                    .noneMatch(one -> one.is(Kind.CONNECTION_BROKEN));
            assertThat(seen)
                    .filteredOn(one -> one.is(Kind.HTTP_ERROR))
                    .allMatch(one -> one.heard().status() == 503);
            cluster.assertInvariants(Rules.STRICT, load);
        }
    }

    /// Redis holds what can be built again.
    @Test
    void emptyStoreIsFilledAgainAndNobodyNotices() {
        try (var load = cluster.load()) {
            var volley = load.perSecond(5, _ -> Ask.stream(MODEL).hungAfter(END));
            volley.awaitSpoken(5, END);
            long killed = cluster.process("redis").pid();
            Cluster.signal(killed, "KILL");
            cluster.awaitProcess("redis", killed);
            int spoken = volley.spoken();
            volley.awaitSpoken(spoken + 15, END);

            assertThat(volley.stop().awaitEnd(END)).allMatch(one -> one.is(Kind.COMPLETED));
            cluster.assertInvariants(Rules.STRICT, load);
        }
    }

    /// R25 in short: a fault every few seconds, whichever it is, and in the end all invariants
    /// hold.
    @Test
    void randomFaultsInARowLeaveNothingBehind() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        boolean full = Boolean.getBoolean("uplion.faults");
        int faults = full ? 60 : 4;
        try (var load = cluster.load()) {
            var volley =
                    load.always(
                            16,
                            i ->
                                    i % 4 == 0
                                            ? Ask.whole(MODEL).hungAfter(END)
                                            : Ask.stream(MODEL).hungAfter(END));
            for (int i = 0; i < faults; i++) {
                int spoken = volley.spoken();
                volley.awaitSpoken(spoken + 20, END);
                fault(random.nextInt(4));
            }
            var seen = volley.stop().awaitEnd(END);

            assertThat(seen).as("seed " + seed).noneMatch(one -> one.is(Kind.HUNG));
            cluster.assertInvariants(
                    Rules.STRICT.mayBreak(_ -> true).stopAfterBreak(Duration.ofSeconds(20)), load);
        }
    }

    private static void fault(int kind) {
        var workers = cluster.names("worker");
        switch (kind) {
            case 0 -> cluster.killAndAwait(workers.getLast());
            case 1 -> cluster.killAndAwait("gateway-1");
            case 2 -> cluster.killAndAwait("controller");
            default -> {
                long pid = cluster.process(workers.getLast()).pid();
                Cluster.signal(pid, "STOP");
                Await.until("a while", END, () -> cluster.chat(MODEL).status() != 0);
                Cluster.signal(pid, "CONT");
            }
        }
    }
}
