// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.invariant.Rules;
import io.uplion.testing.load.Ask;
import io.uplion.testing.load.End.Kind;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Workers that die, hang or are sent away while they answer: R1, R2, R6 and R18.
class WorkerFaultsE2E {
    private static final Duration END = Duration.ofSeconds(90);
    private static final String MODEL = "worker-faults";

    /// Of each worker: a broker gives tasks to the slots of one before those of the other.
    private static final int SLOTS = 20;

    private static Cluster cluster;
    private static List<String> workers;

    @BeforeAll
    static void start() {
        cluster = Cluster.shared();
        cluster.model(
                MODEL, "tokens=30;interval=100ms;mark=serial", "  concurrency: " + SLOTS + "\n");
        workers = cluster.workersOf(MODEL);
    }

    @AfterEach
    void all() {
        Await.until(
                "all workers run",
                Duration.ofSeconds(90),
                () -> workers.stream().allMatch(cluster::isReady));
    }

    /// R1: what had not begun is answered by another worker; what had begun breaks, and says so.
    @Test
    void workerThatIsKilledBreaksOnlyWhatItHadBegun() {
        try (var load = cluster.load()) {
            var volley =
                    load.start(3 * SLOTS, _ -> Ask.stream(MODEL).hungAfter(END))
                            .awaitSpoken(2 * SLOTS, END);
            long killed = cluster.process(workers.getFirst()).pid();
            Cluster.signal(killed, "KILL");
            var seen = volley.awaitEnd(END);

            assertThat(seen)
                    .allMatch(one -> one.is(Kind.COMPLETED) || one.is(Kind.ERROR_EVENT))
                    .anyMatch(one -> one.is(Kind.COMPLETED))
                    .anyMatch(one -> one.is(Kind.ERROR_EVENT));
            cluster.awaitAgain(workers.getFirst(), killed);
            assertThat(cluster.program().output()).contains(workers.getFirst() + " ended");
            cluster.assertInvariants(Rules.STRICT, load);
        }
    }

    /// R1, before the first token: nobody notices.
    @Test
    void workerThatIsKilledBeforeItHasSpokenIsReplacedUnseen() {
        cluster.provider().script(MODEL, "ttft=2s;tokens=5;mark=serial");
        try (var load = cluster.load()) {
            var volley = load.start(2 * SLOTS, _ -> Ask.stream(MODEL).hungAfter(END));
            Await.until(
                    "the provider is asked", END, () -> cluster.provider().inFlight() >= 2 * SLOTS);
            long killed = cluster.process(workers.getFirst()).pid();
            Cluster.signal(killed, "KILL");

            assertThat(volley.awaitEnd(END)).allMatch(one -> one.is(Kind.COMPLETED));
            cluster.awaitAgain(workers.getFirst(), killed);
            cluster.assertInvariants(Rules.STRICT, load);
        } finally {
            cluster.provider().script(MODEL, "tokens=30;interval=100ms;mark=serial");
        }
    }

    /// R2: no reset comes from a machine that hangs; keep-alives find it.
    @Test
    void workerThatHangsIsFoundWithinFifteenSeconds() {
        try (var load = cluster.load()) {
            var volley =
                    load.start(2 * SLOTS, _ -> Ask.stream(MODEL).hungAfter(END))
                            .awaitSpoken(2 * SLOTS, END);
            long stopped = cluster.process(workers.getFirst()).pid();
            Cluster.signal(stopped, "STOP");
            long at = System.nanoTime();
            var seen = volley.awaitEnd(END);
            long last = seen.stream().mapToLong(one -> one.end().atNanos()).max().orElseThrow();

            assertThat(seen)
                    .allMatch(one -> one.is(Kind.COMPLETED) || one.is(Kind.ERROR_EVENT))
                    .anyMatch(one -> one.is(Kind.ERROR_EVENT));
            assertThat(Duration.ofNanos(last - at)).isLessThan(Duration.ofSeconds(16));
            Cluster.signal(stopped, "CONT");
            cluster.assertInvariants(Rules.STRICT.stopWithin(Duration.ofSeconds(30)), load);
        }
    }

    /// R6: SIGTERM, as a cluster that scales in.
    @Test
    void workerThatIsSentAwayFinishesWhatItHasBegun() {
        try (var load = cluster.load()) {
            var volley =
                    load.start(2 * SLOTS, _ -> Ask.stream(MODEL).hungAfter(END))
                            .awaitSpoken(2 * SLOTS, END);
            long leaving = cluster.process(workers.getLast()).pid();
            Cluster.signal(leaving, "TERM");

            assertThat(volley.awaitEnd(END)).allMatch(one -> one.is(Kind.COMPLETED));
            cluster.awaitAgain(workers.getLast(), leaving);
            cluster.assertInvariants(Rules.STRICT, load);
        }
    }

    /// R18: three attempts, then an error and a letter; others are not touched.
    @Test
    void poisonedTaskIsGivenUpWithALetterAndOthersGoOn() {
        cluster.model("poison", "status=500", "");
        try (var load = cluster.load()) {
            var others = load.start(5, _ -> Ask.stream(MODEL).hungAfter(END));
            var poisoned =
                    load.start(1, _ -> Ask.whole("poison").header("x-uplion-timeout", "60s"))
                            .awaitEnd(Duration.ofSeconds(30));

            assertThat(poisoned).allMatch(one -> one.is(Kind.HTTP_ERROR));
            assertThat(others.awaitEnd(END)).allMatch(one -> one.is(Kind.COMPLETED));
            var id = poisoned.getFirst().heard().requestId();
            Await.until("the letter is there", END, () -> cluster.letters().contains(id));
            assertThat(cluster.letters().lines().filter(line -> line.contains(id)))
                    .singleElement()
                    .asString()
                    .contains("poison", "500");
            assertThat(cluster.letters(id))
                    .contains("\"poison\"", "x-uplion-timeout: 60s")
                    .doesNotContain(cluster.apiKey());
            cluster.assertInvariants(Rules.STRICT, load);
        } finally {
            cluster.remove("poison");
        }
    }
}
