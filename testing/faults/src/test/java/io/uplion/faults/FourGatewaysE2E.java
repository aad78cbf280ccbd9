// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.counters.reserve.Book;
import io.uplion.counters.reserve.Spent;
import io.uplion.platform.identity.Limits;
import io.uplion.portal.keys.KeyCreation.Created;
import io.uplion.testing.invariant.Gauges;
import io.uplion.testing.invariant.Rules;
import io.uplion.testing.load.Ask;
import io.uplion.testing.load.Load;
import io.uplion.testing.load.Observation;
import io.uplion.testing.load.Volley;
import io.uplion.testing.provider.Underway;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What several gateways count together holds to the last token and the last request: R16 and R17.
/// A cluster of its own, because the one that all share has two gateways.
class FourGatewaysE2E {
    private static final Duration END = Duration.ofSeconds(120);
    private static final String MODEL = "four-gateways";

    /// Only output costs something, so that what a request may cost is its `max_tokens`.
    private static final String TERMS =
            """
              price: {inputPerMillion: "0", outputPerMillion: "1"}
              limits: {outputTokens: 4096, queued: 5000}
              concurrency: 80
            """;

    private static final long NANOS_PER_TOKEN = 1_000;
    private static final int CROWD = 1_000;
    private static final int TOKENS = 20;
    private static final int FEW = 3;
    private static final int FIT = 150;

    private static final long ALL_THAT_FIT = FIT * TOKENS * NANOS_PER_TOKEN;

    /// What is left over is too little for another one.
    private static final long BUDGET = ALL_THAT_FIT + TOKENS / 2 * NANOS_PER_TOKEN;

    /// What a dead gateway held is given back 45 s after it was asked for, and no sooner.
    private static final Duration BEFORE_ANY_LEASE_ENDS = Duration.ofSeconds(38);

    /// R16, and DESIGN §7: no reservation outlives its task by more.
    private static final Duration NOTHING_HELD = Duration.ofSeconds(60);

    /// A gateway tells 2 s after a worker's death what that had begun, and a worker at once what a
    /// dead gateway's clients had heard. Where both die in one moment nobody is left to tell, and
    /// nothing is charged for what they had begun. So no test kills one that soon after the other.
    private static final Duration APART = Duration.ofSeconds(5);

    /// Of the 4 s that an answer takes.
    private static final Duration INTO_THE_ANSWERS = Duration.ofSeconds(1);

    private static final long RPM = 120;
    private static final Duration RATE_RUN = Duration.ofSeconds(20);

    @RegisterExtension
    static final EndsInTheChecker CHECKER = new EndsInTheChecker(() -> FourGatewaysE2E.cluster);

    private static Cluster cluster;

    @BeforeAll
    static void start() {
        cluster = Cluster.start(Cluster.directory(), 4, Map.of());
        cluster.model(MODEL, "tokens=1", TERMS);
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @BeforeEach
    void ready() {
        allGateways();
    }

    private static void allGateways() {
        Await.until(
                "all gateways are ready",
                END,
                () -> cluster.names("gateway").stream().allMatch(cluster::isReady));
    }

    /// R16. The provider says nothing until each of the crowd either waits for it or was refused:
    /// nothing is given back meanwhile, so whoever was refused although he would have fit shows in
    /// what is held then. It is exactly the most that fits. Later money is spent and given back
    /// while others ask for it, and in the end the budget is spent to the last token.
    @Test
    void budgetHoldsToItsLastTokenThoughAGatewayAndAWorkerDie() {
        var key = keyWithBudget();
        var dying = anyOf(cluster.names("gateway"));
        cluster.provider().script(MODEL, "tokens=" + TOKENS + ";interval=200ms");
        cluster.provider().hold(MODEL);
        cluster.witness().allow(Rules.STRICT.mayBreak(isSentTo(dying)));
        try (var load = cluster.loadOnGatewaysAs(key.secret().reveal())) {
            var crowd = load.start(CROWD, behind(new CyclicBarrier(CROWD)));
            Await.until("a part is let in", END, () -> waiting(load) >= FIT / 5);
            long killed = System.nanoTime();
            cluster.signal(dying, "KILL");
            assertAsManyAreLetInAsFit(load, key, killed);
            var others = load.perSecond(20, i -> ask(i, FEW));
            passes(killed + APART.toNanos());
            cluster.provider().release(MODEL);
            crowd.awaitSpoken(1, END);
            passes(System.nanoTime() + INTO_THE_ANSWERS.toNanos());
            cluster.signal(busiestWorker(), "KILL");
            crowd.awaitEnd(END);
            awaitMoreThanWasLeftOver(others);
            others.stop().awaitEnd(END);
            assertEndsAreExpected(load.observations());

            assertNothingIsHeldSoon(key);
            assertLastTokenCanBeSpentAndNoFurther(load, key);
        } finally {
            cluster.provider().release(MODEL);
        }
    }

    /// One that has nothing to do would break no answer.
    private static String busiestWorker() {
        return cluster.workersOf(MODEL).stream()
                .max(Comparator.comparingDouble(FourGatewaysE2E::slotsInUse))
                .orElseThrow();
    }

    private static double slotsInUse(String worker) {
        return Gauges.fetch(Gauges.Role.WORKER, cluster.endpoint(worker))
                .sums()
                .getOrDefault("uplion_worker_slots_in_use", 0.0);
    }

    private static Created keyWithBudget() {
        var budget = new Limits.Budget(BUDGET, Limits.Period.TOTAL);
        var key =
                cluster.books()
                        .newKey(
                                "small budget",
                                new Limits(
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.of(budget)));
        Await.until(
                "the budget is open",
                END,
                () -> cluster.books().total(key.key().id()).flatMap(Book::spent).isPresent());
        return key;
    }

    /// All ask when the last one is there. An index is asked for on its client's own thread.
    private static IntFunction<Ask> behind(CyclicBarrier barrier) {
        return index -> {
            try {
                barrier.await();
            } catch (InterruptedException | BrokenBarrierException e) {
                throw new IllegalStateException(e);
            }
            return ask(index, TOKENS);
        };
    }

    private static Ask ask(int index, long mostTokens) {
        var ask = index % 4 == 0 ? Ask.whole(MODEL) : Ask.stream(MODEL);
        return ask.with(",\"max_tokens\":" + mostTokens).hungAfter(END);
    }

    /// Those of whom the provider has the request.
    private static long waiting(Load load) {
        var ended =
                load.observations().stream()
                        .map(one -> one.sent().marker())
                        .collect(Collectors.toSet());
        return cluster.provider().underway().stream()
                .map(Underway::user)
                .filter(user -> !ended.contains(user))
                .distinct()
                .count();
    }

    /// Room that is left is somebody's for whom nobody could be asked, or whom no broker took:
    /// others ask for it.
    private static void assertAsManyAreLetInAsFit(Load load, Created key, long killed) {
        int asked = CROWD;
        awaitVerdicts(load, asked, killed);
        long room = ALL_THAT_FIT - held(key);
        while (room > 0 && isAnyUnserved(load) && timeLeft(killed).isPositive()) {
            int more = (int) (room / NANOS_PER_TOKEN / TOKENS);
            load.start(more, i -> ask(i, TOKENS));
            asked += more;
            awaitVerdicts(load, asked, killed);
            room = ALL_THAT_FIT - held(key);
        }
        var seen = load.observations();
        assertThat(Verdict.all(seen))
                .as(Verdict.summary(seen))
                .isSubsetOf(Verdict.NO_MONEY, Verdict.CUT, Verdict.UNKNOWN, Verdict.UNSERVED);
        assertThat(room)
                .as(
                        "room: who was refused had none; less than none is more than fits. %s",
                        Verdict.summary(seen))
                .isZero();
        // Where limits could not be asked often enough, nobody may have been refused yet.
        assertThat(one(load, TOKENS)).as("one more").isEqualTo(Verdict.NO_MONEY);
    }

    private static Duration timeLeft(long killed) {
        return BEFORE_ANY_LEASE_ENDS.minusNanos(System.nanoTime() - killed);
    }

    private static long held(Created key) {
        var book = cluster.books().total(key.key().id()).orElseThrow();
        assertThat(book.spent().map(Spent::nanos)).as("spent").hasValue(0L);
        return book.held();
    }

    private static boolean isAnyUnserved(Load load) {
        return Verdict.count(load.observations(), Verdict.UNKNOWN, Verdict.UNSERVED) > 0;
    }

    private static void awaitVerdicts(Load load, int asked, long killed) {
        Await.until(
                "each waits for the provider or was answered",
                timeLeft(killed),
                () -> waiting(load) == asked - load.observations().size());
    }

    private static void assertEndsAreExpected(List<Observation> seen) {
        assertThat(Verdict.all(seen))
                .as(Verdict.summary(seen))
                .contains(Verdict.ADMITTED, Verdict.NO_MONEY, Verdict.BROKEN)
                .doesNotContain(Verdict.UNEXPECTED, Verdict.TOO_OFTEN);
    }

    /// Who fits into what the crowd left over is few; the money of answers that broke is for more.
    private static void awaitMoreThanWasLeftOver(Volley others) {
        Await.until(
                "the money of broken answers is spent by others",
                END,
                () -> Verdict.count(others.observations(), Verdict.ADMITTED) > TOKENS / 2 / FEW);
    }

    private static void assertNothingIsHeldSoon(Created key) {
        Await.until(
                "nothing is held any more", NOTHING_HELD, () -> cluster.books().held().isEmpty());
        var book = cluster.books().total(key.key().id()).orElseThrow();
        assertThat(book.spent().map(Spent::nanos))
                .as("spent, as the counter says it and the ledger")
                .hasValue(cluster.books().charged(key.key().id()));
    }

    /// What broke cost nothing, and what the dead gateway held was given back: that is left, and
    /// whoever asks for exactly that is let in.
    private static void assertLastTokenCanBeSpentAndNoFurther(Load load, Created key) {
        UUID id = key.key().id();
        long left = (BUDGET - cluster.books().charged(id)) / NANOS_PER_TOKEN;
        assertThat(left).as("tokens left").isPositive();
        allGateways();
        cluster.provider().script(MODEL, "tokens=4096");
        assertThat(one(load, left + 1)).as("one more than is left").isEqualTo(Verdict.NO_MONEY);
        assertThat(one(load, left)).as("all that is left").isEqualTo(Verdict.ADMITTED);
        Await.until("it is charged", END, () -> cluster.books().charged(id) == BUDGET);
        assertThat(one(load, 1)).as("beyond the budget").isEqualTo(Verdict.NO_MONEY);
    }

    private static Verdict one(Load load, long mostTokens) {
        var seen = load.start(1, _ -> ask(1, mostTokens)).awaitEnd(END).getLast();
        var verdict = Verdict.of(seen);
        assertThat(verdict).as(seen.toString()).isNotEqualTo(Verdict.UNEXPECTED);
        // The dead gateway may not be back yet.
        boolean again =
                verdict == Verdict.UNKNOWN || verdict == Verdict.UNSERVED || verdict == Verdict.CUT;
        return again ? one(load, mostTokens) : verdict;
    }

    /// R17. After a rest a whole minute's requests may come at once. The time is measured around
    /// all requests, so it is not shorter than the one that was counted.
    @Test
    void rateHoldsOverAllGatewaysAndWhoWaitsAsToldIsLetIn() {
        cluster.provider().script(MODEL, "tokens=1");
        var key = keyWithRate();
        long away = timesCountersWereAway();
        try (var load = cluster.loadOnGatewaysAs(key.secret().reveal())) {
            long from = System.nanoTime();
            var crowd = load.start((int) (3 * RPM), i -> ask(i, 1));
            var steady = load.perSecond(40, i -> ask(i, 1));
            passes(from + RATE_RUN.toNanos());
            steady.stop().awaitEnd(END);
            crowd.awaitEnd(END);
            long nanos = System.nanoTime() - from;

            assertRate(load.observations(), nanos, timesCountersWereAway() > away);
            for (int i = 0; i < 2 * cluster.names("gateway").size(); i++) {
                assertWhoWaitsAsToldIsLetIn(load);
            }
        }
    }

    private static Created keyWithRate() {
        var limits =
                new Limits(Optional.of(RPM), Optional.empty(), Optional.empty(), Optional.empty());
        return cluster.books().newKey("often", limits);
    }

    /// Each time `access` counts by itself, so that all nodes together let in twice as many at
    /// most.
    private static long timesCountersWereAway() {
        return Cluster.text(cluster.data().resolve("run/access.log"))
                .lines()
                .filter(line -> line.contains(" is away: "))
                .count();
    }

    private static void assertRate(List<Observation> seen, long nanos, boolean wereAway) {
        assertThat(Verdict.all(seen))
                .as(Verdict.summary(seen))
                .contains(Verdict.TOO_OFTEN)
                .isSubsetOf(Verdict.ADMITTED, Verdict.UNSERVED, Verdict.TOO_OFTEN, Verdict.UNKNOWN);
        long most = RPM + RPM * nanos / Duration.ofMinutes(1).toNanos();
        long letIn = Verdict.count(seen, Verdict.ADMITTED, Verdict.UNSERVED);
        assertThat(letIn)
                .as("let in within %d ms, counters away: %s", nanos / 1_000_000, wereAway)
                .isLessThanOrEqualTo(wereAway ? 2 * most : most);
        // Nobody counts for whom limits could not be asked.
        assertThat(letIn + Verdict.count(seen, Verdict.UNKNOWN))
                .as("the whole burst came through. %s", Verdict.summary(seen))
                .isGreaterThanOrEqualTo(RPM);
    }

    private static void assertWhoWaitsAsToldIsLetIn(Load load) {
        var refused = askUntilRefused(load);
        var wait = refused.heard().headers().getOrDefault("retry-after-ms", "none");
        assertThat(wait).as(refused.toString()).containsOnlyDigits();
        passes(refused.end().atNanos() + Duration.ofMillis(Long.parseLong(wait)).toNanos());
        var next = load.start(1, i -> ask(i, 1)).awaitEnd(END).getLast();
        if (Verdict.of(next) == Verdict.UNKNOWN) {
            assertWhoWaitsAsToldIsLetIn(load);
        } else {
            assertThat(Verdict.of(next))
                    .as("%s after %s ms, as told by %s", next, wait, refused)
                    .isIn(Verdict.ADMITTED, Verdict.UNSERVED);
        }
    }

    private static Observation askUntilRefused(Load load) {
        while (true) {
            var seen = load.start(1, i -> ask(i, 1)).awaitEnd(END).getLast();
            var verdict = Verdict.of(seen);
            if (verdict == Verdict.TOO_OFTEN) {
                return seen;
            }
            assertThat(verdict)
                    .as(seen.toString())
                    .isIn(Verdict.ADMITTED, Verdict.UNSERVED, Verdict.UNKNOWN);
        }
    }

    private static <T> T anyOf(List<T> some) {
        return some.get(new Random().nextInt(some.size()));
    }

    private static Predicate<Observation> isSentTo(String gateway) {
        var url = cluster.endpoint(gateway);
        return one -> one.sent().baseUrl().equals(url);
    }

    private static void passes(long untilNanos) {
        Await.until("the moment comes", END, () -> System.nanoTime() - untilNanos >= 0);
    }
}
