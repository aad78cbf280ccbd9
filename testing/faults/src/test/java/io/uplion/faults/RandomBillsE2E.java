// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.catalog.AIModel.Price;
import io.uplion.task.UsageRecord.Outcome;
import io.uplion.testing.invariant.LedgerRow;
import io.uplion.testing.invariant.ProviderRecord;
import io.uplion.testing.invariant.Rules;
import io.uplion.testing.load.Ask;
import io.uplion.testing.load.End.Kind;
import io.uplion.testing.load.Leave;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Whoever leaves when he likes, and whatever dies: each request is charged for what its provider
/// served, and nothing else is charged.
@ExtendWith(EndsInTheChecker.class)
class RandomBillsE2E {
    private static final Duration END = Duration.ofSeconds(120);
    private static final String MODEL = "random-bills";
    private static final int MOST_TOKENS = 60;
    private static final int CLIENTS = 24;

    /// What every model of the cluster costs.
    private static final Price PRICE = new Price(1_000, 1_000, 2_000);

    /// A gateway tells 2 s after a worker's death what that had begun, and a worker at once what a
    /// dead gateway's clients had heard. Where both die in one moment nobody is left to tell, and
    /// nothing is charged for what they had begun.
    private static final Duration APART = Duration.ofSeconds(5);

    /// The worker of an answer that its client has just left may die before it has said what was
    /// produced. Its gateway says it, but only after 30 s, and may not die before.
    private static final Duration TOLD_FOR_THE_WORKER = Duration.ofSeconds(35);

    /// No reservation outlives its task by more.
    private static final Duration NOTHING_HELD = Duration.ofSeconds(60);

    private static final Duration STOPPED = Duration.ofSeconds(10);

    private static final int ROUNDS = Boolean.getBoolean("uplion.faults") ? 8 : 1;

    private static Cluster cluster;

    @BeforeAll
    static void start() {
        cluster = Cluster.shared();
        cluster.model(MODEL, "tokens=" + MOST_TOKENS + ";interval=40ms", "  concurrency: 64\n");
    }

    @Test
    void ledgerSaysWhatTheProviderServedWhoeverLeavesAndWhateverDies() {
        long seed = Long.getLong("uplion.faults.seed", System.nanoTime());
        var done = new ArrayList<Fault.Done>();
        cluster.witness().allow(rules(done));
        try (var load = cluster.loadOnAll()) {
            var volley = load.always(CLIENTS, index -> ask(new Random(seed + index)));
            volley.awaitSpoken(2 * CLIENTS, END);
            kills(new Random(seed), done);
            int begun = volley.started();
            Await.until("others came after it", END, () -> volley.started() > begun + CLIENTS);
            var seen = volley.stop().awaitEnd(END);

            assertThat(seen)
                    .as("seed " + seed)
                    .noneMatch(one -> one.is(Kind.HUNG))
                    .anyMatch(one -> one.is(Kind.COMPLETED))
                    .anyMatch(one -> one.is(Kind.CANCELLED_BY_CLIENT));
            awaitRest();
            assertBills(seed);
        }
    }

    private static Ask ask(Random random) {
        var ask = random.nextInt(4) == 0 ? Ask.whole(MODEL) : Ask.stream(MODEL);
        return ask.with(",\"max_tokens\":" + (1 + random.nextInt(MOST_TOKENS)))
                .leaving(leave(random))
                .hungAfter(END);
    }

    private static Leave leave(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> new Leave.AfterFrames(1 + random.nextInt(MOST_TOKENS));
            case 1 -> new Leave.AfterTime(Duration.ofMillis(random.nextInt(2_500)));
            default -> new Leave.Never();
        };
    }

    /// In each round gateways first.
    private static void kills(Random random, List<Fault.Done> done) {
        for (int round = 0; round < ROUNDS; round++) {
            if (round > 0) {
                passes(TOLD_FOR_THE_WORKER);
            }
            done.add(Fault.KILL_GATEWAY.strike(cluster, MODEL));
            passes(APART.plusMillis(random.nextInt(2_000)));
            for (int i = random.nextInt(2); i < 2; i++) {
                done.add(Fault.KILL_WORKER.strike(cluster, MODEL));
                passes(Duration.ofMillis(random.nextInt(2_000)));
            }
        }
    }

    /// Who leaves in the moment in which his worker dies may have gone before the error came. How
    /// soon a provider is stopped is for [GatewayFaultsE2E], with processes that are warm.
    private static Rules rules(List<Fault.Done> done) {
        return Rules.STRICT
                .mayBreak(
                        one ->
                                done.stream()
                                        .anyMatch(
                                                fault ->
                                                        fault.mayBreak(one)
                                                                || one.is(Kind.CANCELLED_BY_CLIENT)
                                                                        && fault.isDuring(one)))
                .stopWithin(STOPPED)
                .stopAfterBreak(STOPPED);
    }

    /// What is not billed yet is held: all of these requests have a budget.
    private static void awaitRest() {
        cluster.provider().awaitInFlight(0, END);
        cluster.witness().awaitNoTasks();
        Await.until(
                "nothing is held any more", NOTHING_HELD, () -> cluster.books().held().isEmpty());
    }

    private static void assertBills(long seed) {
        var calls = ProviderRecord.of(cluster.provider());
        var billed = cluster.witness().billed();
        assertThat(calls.whole()).as("the provider has forgotten no call").isTrue();
        assertThat(billed.stream().map(LedgerRow::outcome).distinct())
                .as("seed " + seed)
                .contains(Outcome.COMPLETED, Outcome.CANCELLED, Outcome.BROKEN);
        assertThat(
                        new ServedAndBilled(PRICE, cluster.witness().requests(), calls.calls())
                                .differences(billed))
                .as("seed " + seed)
                .isEmpty();
    }

    private static void passes(Duration delay) {
        long due = System.nanoTime() + delay.toNanos();
        Await.until("the moment comes", END, () -> System.nanoTime() - due >= 0);
    }
}
