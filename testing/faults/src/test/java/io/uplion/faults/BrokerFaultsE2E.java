// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.load.Ask;
import io.uplion.testing.load.End.Kind;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The broker and the store go and come back: R3.
@ExtendWith(EndsInTheChecker.class)
class BrokerFaultsE2E {
    private static final Duration END = Duration.ofSeconds(120);
    private static final String MODEL = "broker-faults";

    /// From the broker's death on, its own start included, which is most of it and takes twice as
    /// long where other programs want the processors, too. The long form has them for itself.
    private static final Duration RECOVERED =
            Duration.ofSeconds(Boolean.getBoolean("uplion.faults") ? 30 : 60);

    /// Publishing is given up after 5 s.
    private static final Duration REFUSED = Duration.ofSeconds(10);

    private static Cluster cluster;

    @BeforeAll
    static void start() {
        cluster = Cluster.shared();
        cluster.model(MODEL, "tokens=10;interval=50ms;mark=serial", "  concurrency: 64\n");
    }

    @BeforeEach
    void everythingAnswers() {
        Await.until("requests are answered", END, () -> cluster.answers(MODEL));
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
            long at = System.nanoTime();
            cluster.awaitProcess("pulsar", killed);
            Await.until("requests are answered", END, () -> cluster.answers(MODEL));
            var recovery = Duration.ofNanos(System.nanoTime() - at);
            int spoken = volley.spoken();
            volley.awaitSpoken(spoken + 20, END);
            var seen = volley.stop().awaitEnd(END);

            assertThat(recovery).isLessThan(RECOVERED);
            assertThat(seen).allMatch(one -> one.is(Kind.COMPLETED) || one.is(Kind.HTTP_ERROR));
            assertThat(seen)
                    .filteredOn(one -> one.is(Kind.HTTP_ERROR))
                    .allMatch(one -> one.heard().status() == 503)
                    .allMatch(one -> one.duration().compareTo(REFUSED) < 0);
        }
    }

    /// Redis holds what can be built again. Whoever has a budget waits until that is certain.
    @Test
    void emptyStoreIsFilledAgainAndNobodyNotices() {
        try (var load = cluster.loadAs(cluster.unlimitedKey())) {
            var volley = load.perSecond(5, _ -> Ask.stream(MODEL).hungAfter(END));
            volley.awaitSpoken(5, END);
            long killed = cluster.process("redis").pid();
            Cluster.signal(killed, "KILL");
            cluster.awaitProcess("redis", killed);
            int spoken = volley.spoken();
            volley.awaitSpoken(spoken + 15, END);

            assertThat(volley.stop().awaitEnd(END)).allMatch(one -> one.is(Kind.COMPLETED));
        }
    }
}
