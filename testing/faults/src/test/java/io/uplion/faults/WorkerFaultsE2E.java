// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.invariant.Rules;
import io.uplion.testing.load.Ask;
import io.uplion.testing.load.End.Kind;
import io.uplion.testing.load.Observation;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Workers that die, hang or are sent away while they answer: R1, R2, R6 and R18.
@ExtendWith(EndsInTheChecker.class)
class WorkerFaultsE2E {
    private static final Duration END = Duration.ofSeconds(90);
    private static final String MODEL = "worker-faults";
    private static final String SCRIPT = "tokens=50;interval=100ms;mark=serial";

    /// Of each worker: a broker gives tasks to the slots of one before those of the other.
    private static final int SLOTS = 100;

    /// R1 says 10 s; a third of that is the answers' own length, and the machine may be busy.
    private static final Duration AFTER_A_DEATH = Duration.ofSeconds(15);

    /// Keep-alives find a silent peer within 15 s; then the gateway speaks to its clients.
    private static final Duration AFTER_SILENCE = Duration.ofSeconds(16);

    /// The broker's keep-alive is 10 s, and a peer is dead when it has missed one.
    private static final Duration TASKS_AFTER_SILENCE = Duration.ofSeconds(30);

    /// R6 says 2 s.
    private static final Duration BEGUN_ELSEWHERE = Duration.ofSeconds(5);

    private static Cluster cluster;
    private static List<String> workers;

    @BeforeAll
    static void start() {
        cluster = Cluster.shared();
        cluster.model(MODEL, SCRIPT, "  concurrency: " + SLOTS + "\n");
        workers = cluster.workersOf(MODEL);
    }

    @AfterEach
    void all() {
        cluster.provider().script(MODEL, SCRIPT);
        Await.until(
                "all workers run",
                Duration.ofSeconds(90),
                () -> workers.stream().allMatch(cluster::isReady));
    }

    /// R1: what had not begun is answered by another worker; what had begun breaks, and says so.
    @Test
    void workerThatIsKilledBreaksOnlyWhatItHadBegun() {
        var delay = Duration.ofMillis(new Random().nextInt(2000));
        try (var load = cluster.load()) {
            var volley =
                    load.start(2 * SLOTS + SLOTS / 10, _ -> Ask.stream(MODEL).hungAfter(END))
                            .awaitSpoken(2 * SLOTS, END);
            long killed = cluster.process(workers.getFirst()).pid();
            passes(delay);
            Cluster.signal(killed, "KILL");
            long at = System.nanoTime();
            var seen = volley.awaitEnd(END);

            assertThat(seen)
                    .as("killed after " + delay)
                    .allMatch(one -> one.is(Kind.COMPLETED) || one.is(Kind.ERROR_EVENT))
                    .anyMatch(one -> one.is(Kind.COMPLETED))
                    .anyMatch(one -> one.is(Kind.ERROR_EVENT));
            assertThat(seen)
                    .filteredOn(one -> one.is(Kind.ERROR_EVENT))
                    .allMatch(WorkerFaultsE2E::hasBegun);
            assertThat(last(seen, at)).isLessThan(AFTER_A_DEATH);
            cluster.awaitAgain(workers.getFirst(), killed);
            assertThat(cluster.program().output()).contains(workers.getFirst() + " ended");
        }
    }

    /// R1, before the first token: nobody notices.
    @Test
    void workerThatIsKilledBeforeItHasSpokenIsReplacedUnseen() {
        cluster.provider().script(MODEL, "tokens=5;mark=serial");
        cluster.provider().hold(MODEL);
        try (var load = cluster.load()) {
            var volley = load.start(2 * SLOTS, _ -> Ask.stream(MODEL).hungAfter(END));
            Await.until(
                    "the provider is asked", END, () -> cluster.provider().inFlight() >= 2 * SLOTS);
            long killed = cluster.process(workers.getFirst()).pid();
            Cluster.signal(killed, "KILL");
            long at = System.nanoTime();
            cluster.provider().release(MODEL);
            var seen = volley.awaitEnd(END);

            assertThat(seen).allMatch(one -> one.is(Kind.COMPLETED));
            assertThat(last(seen, at)).isLessThan(AFTER_A_DEATH);
            assertThat(cluster.witness().calls(seen))
                    .as("some were tried twice")
                    .hasSizeGreaterThan(2 * SLOTS);
            cluster.awaitAgain(workers.getFirst(), killed);
        }
    }

    /// R2: no reset comes from a machine that hangs; keep-alives find it.
    @Test
    void workerThatHangsIsFoundWithinFifteenSeconds() {
        try (var load = cluster.load()) {
            cluster.witness().allow(Rules.STRICT.stopWithin(Duration.ofSeconds(30)));
            var volley =
                    load.start(2 * SLOTS, _ -> Ask.stream(MODEL).hungAfter(END))
                            .awaitSpoken(2 * SLOTS, END);
            long stopped = cluster.process(workers.getFirst()).pid();
            Cluster.signal(stopped, "STOP");
            long at = System.nanoTime();
            var seen = volley.awaitEnd(END);
            Cluster.signal(stopped, "CONT");

            assertThat(seen)
                    .allMatch(one -> one.is(Kind.COMPLETED) || one.is(Kind.ERROR_EVENT))
                    .anyMatch(one -> one.is(Kind.ERROR_EVENT));
            assertThat(last(seen, at)).isLessThan(AFTER_SILENCE);
        }
    }

    /// R2: the broker goes on giving tasks to the idle slots of a worker that hangs, and does not
    /// know it until its own keep-alive has found it.
    @Test
    void tasksThatAHangingWorkersIdleSlotsWereGivenAreAnsweredByAnother() {
        cluster.provider().script(MODEL, "ttft=2s;tokens=5;mark=serial");
        try (var load = cluster.load()) {
            cluster.witness().allow(Rules.STRICT.stopWithin(Duration.ofSeconds(60)));
            long stopped = cluster.process(workers.getFirst()).pid();
            Cluster.signal(stopped, "STOP");
            long at = System.nanoTime();
            var volley = load.start(SLOTS + SLOTS / 2, _ -> Ask.stream(MODEL).hungAfter(END));
            var seen = volley.awaitEnd(END);
            Cluster.signal(stopped, "CONT");

            assertThat(seen)
                    .allMatch(one -> one.is(Kind.COMPLETED))
                    .as("some were with the worker that hangs")
                    .anyMatch(one -> one.duration().compareTo(Duration.ofSeconds(5)) > 0);
            assertThat(last(seen, at)).isLessThan(TASKS_AFTER_SILENCE);
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
        }
    }

    /// R6: what a worker has not begun when it is sent away is begun by another at once.
    @Test
    void taskThatComesWhileItsWorkerIsSentAwayBeginsAtOnce() {
        try (var load = cluster.load()) {
            var running =
                    load.start(30, _ -> Ask.stream(MODEL).hungAfter(END)).awaitSpoken(30, END);
            long leaving = cluster.process(workers.getFirst()).pid();
            var meanwhile = load.perSecond(20, _ -> Ask.stream(MODEL).hungAfter(END));
            meanwhile.awaitSpoken(1, END);
            Cluster.signal(leaving, "TERM");
            meanwhile.awaitSpoken(30, END);
            var seen = meanwhile.stop().awaitEnd(END);

            assertThat(running.awaitEnd(END)).allMatch(one -> one.is(Kind.COMPLETED));
            assertThat(seen)
                    .allMatch(one -> one.is(Kind.COMPLETED))
                    .allMatch(
                            one ->
                                    one.timeToFirstToken().orElse(END).compareTo(BEGUN_ELSEWHERE)
                                            < 0);
            assertThat(cluster.witness().calls(seen))
                    .as("none was tried twice")
                    .hasSameSizeAs(seen);
            cluster.awaitAgain(workers.getFirst(), leaving);
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
            assertThat(cluster.witness().calls(poisoned)).as("attempts").hasSize(3);
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
        } finally {
            cluster.remove("poison");
        }
    }

    private static void passes(Duration delay) {
        long due = System.nanoTime() + delay.toNanos();
        Await.until("the moment comes", END, () -> System.nanoTime() - due >= 0);
    }

    private static boolean hasBegun(Observation one) {
        return one.heard().frames().stream().anyMatch(frame -> frame.kind().isAnswer());
    }

    private static Duration last(List<Observation> seen, long since) {
        long last = seen.stream().mapToLong(one -> one.end().atNanos()).max().orElseThrow();
        return Duration.ofNanos(last - since);
    }
}
