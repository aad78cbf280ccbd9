// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.allowance;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.catalog.AIModel.Price;
import io.uplion.counters.redis.RedisCalls;
import io.uplion.counters.redis.RedisProcess;
import io.uplion.counters.reserve.Ask;
import io.uplion.counters.reserve.Reservations;
import io.uplion.counters.reserve.Reserved;
import io.uplion.counters.reserve.ShortLeases;
import io.uplion.counters.reserve.Subject;
import io.uplion.counters.reserve.Used;
import io.uplion.openai.ErrorCode;
import io.uplion.openai.TokenUsage;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A thousand requests at once against small budgets, at four gateways over a real Redis, of which
/// two die.
class SharedBudgetIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration LEASE = Duration.ofSeconds(5);
    private static final Price PRICE = new Price(1, 1, 10);
    private static final int REQUESTS = 1000;
    private static final int WORKERS = 6;
    private static final UUID ACCOUNT = UUID.randomUUID();
    private static final Subject PAYER = subject("account:" + ACCOUNT, 120_000);
    private static final List<Subject> KEYS =
            List.of(
                    subject("key:0", 40_000),
                    subject("key:1", 40_000),
                    subject("key:2", 40_000),
                    subject("key:3", 7_000));

    private final Possible possible = new Possible();
    private final List<Node> nodes = new ArrayList<>();
    private final LinkedBlockingQueue<Optional<Running>> admitted = new LinkedBlockingQueue<>();

    /// Dead gateways' tasks that nobody reports before billing has given them up.
    private final Set<UUID> unreported = ConcurrentHashMap.newKeySet();

    private final AtomicInteger judged = new AtomicInteger();
    private final AtomicInteger allowed = new AtomicInteger();
    private final AtomicBoolean over = new AtomicBoolean();
    private RedisProcess redis;
    private BillingStandIn billing;

    private static Subject subject(String name, long budget) {
        return Subject.of(name).withBudget("total", budget);
    }

    /// @param last what its gateway died of: nobody reports what it used
    private record Running(Node node, Ask ask, Allowance allowance, boolean last) {}

    private final class Node {
        final RedisCalls calls = redis.calls(Duration.ofSeconds(20));
        final Reservations reservations = ShortLeases.reservations(calls, LEASE);
        final Allowances allowances = new Allowances(reservations, _ -> {});
        volatile boolean dead;
    }

    @BeforeEach
    void start() {
        redis = RedisProcess.start("");
        for (var i = 0; i < 4; i++) {
            nodes.add(new Node());
        }
        var budgets = ShortLeases.budgets(nodes.getFirst().calls, LEASE);
        billing =
                new BillingStandIn(
                        ACCOUNT,
                        budgets,
                        (ask, charged) -> {
                            if (!unreported.contains(ask.task())) {
                                possible.change(ask, charged - ask.nanos());
                            }
                        });
        var all = new ArrayList<>(KEYS);
        all.add(PAYER);
        billing.open(all);
    }

    @AfterEach
    void stop() {
        nodes.forEach(node -> node.calls.close());
        redis.close();
    }

    @Test
    void noBudgetIsOverspentNothingLeaksAndNobodyIsRefusedWhoHasRoom() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var rounds = threads.submit(this::billAndRenew);
            var working = new ArrayList<Future<?>>();
            for (var i = 0; i < WORKERS; i++) {
                var random = new Random(i);
                working.add(threads.submit(() -> work(random)));
            }
            var asking = new ArrayList<Future<?>>();
            for (var i = 0; i < REQUESTS; i++) {
                var number = i;
                asking.add(threads.submit(() -> ask(number)));
            }
            try {
                all(asking);
                working.forEach(_ -> admitted.add(Optional.empty()));
                all(working);
                Await.until("nothing is held any more", LIMIT, this::nothingIsHeld);
            } finally {
                working.forEach(_ -> admitted.add(Optional.empty()));
                over.set(true);
                rounds.get();
            }
        }
        assertThat(billing.released()).as("tasks of dead gateways").isPositive();
        assertThat(judged.get()).as("refusals that were looked at").isGreaterThan(50);
        assertThat(allowed.get()).isGreaterThan(100);
        KEYS.forEach(this::allOfTheRestCanBeSpent);
        allOfTheRestCanBeSpent(PAYER);
    }

    private static void all(List<Future<?>> threads) throws Exception {
        for (var thread : threads) {
            thread.get();
        }
    }

    private Void billAndRenew() {
        try {
            long renewed = System.nanoTime();
            while (!over.get()) {
                bill();
                if (System.nanoTime() - renewed > LEASE.toNanos() / 3) {
                    renewed = System.nanoTime();
                    renew();
                }
                // reason: the pace of rounds, as billing has one
                LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            }
            return null;
        } catch (RuntimeException | Error e) {
            billing.failed();
            throw e;
        }
    }

    private void bill() {
        billing.round();
        assertThat(billing.ledger(PAYER)).isBetween(0L, budget(PAYER));
        KEYS.forEach(key -> assertThat(billing.ledger(key)).isBetween(0L, budget(key)));
    }

    private static long budget(Subject subject) {
        return subject.budget().orElseThrow().nanos();
    }

    private void renew() {
        nodes.stream().filter(node -> !node.dead).forEach(node -> node.allowances.renew());
    }

    /// Comes again while others hold what it needs.
    private Void ask(int number) throws InterruptedException {
        var key = KEYS.get(number % KEYS.size());
        var random = ThreadLocalRandom.current();
        while (true) {
            var round = billing.rounds();
            var node = nodes.get(number % nodes.size());
            node = node.dead ? nodes.getFirst() : node;
            var nanos = random.nextLong(100, 900);
            var ask = new Ask(UUID.randomUUID(), ACCOUNT, List.of(key, PAYER), 0, nanos);
            var since = possible.change(ask, nanos);
            switch (node.allowances.ask(Optional.of(ask)).toCompletableFuture().join()) {
                case Allowances.Allowed(Allowance allowance, var _) -> {
                    var last = dies(node, allowed.incrementAndGet());
                    admitted.add(Optional.of(new Running(node, ask, allowance, last)));
                    return null;
                }
                case Allowances.Refused(var error, var _) -> {
                    assertThat(error.code()).isIn(ErrorCode.BUDGET_HELD, ErrorCode.BUDGET_SPENT);
                    assertThat(possible.wasWithin(ask, since)).as("a false refusal").isFalse();
                    judged.incrementAndGet();
                    possible.change(ask, -nanos);
                    if (error.code() == ErrorCode.BUDGET_SPENT) {
                        return null;
                    }
                    billing.awaitRound(round);
                }
            }
        }
    }

    /// Two of four, one after the other.
    private boolean dies(Node node, int count) {
        var dies = (node == nodes.get(2) && count >= 60) || (node == nodes.get(3) && count >= 100);
        node.dead |= dies;
        return dies;
    }

    private Void work(Random random) throws InterruptedException {
        while (true) {
            var next = admitted.take();
            if (next.isEmpty()) {
                return null;
            }
            end(next.get(), random);
        }
    }

    /// A record may be late, twice, or be there before its task is settled; of a dead gateway's
    /// tasks it may be missing.
    private void end(Running running, Random random) {
        var ask = running.ask();
        if (running.node().dead) {
            dead(ask, running.last() || random.nextBoolean(), random);
            return;
        }
        var used = TokenUsage.of(random.nextInt(300), random.nextInt(60));
        switch (random.nextInt(6)) {
            case 0 -> {
                running.allowance().unused();
                assertThat(running.node().allowances.flush(LIMIT)).isTrue();
                possible.change(ask, -ask.nanos());
            }
            case 1 -> {
                running.allowance().abandoned();
                billing.report(ask, PRICE.cost(used));
            }
            case 2 -> {
                billing.report(ask, 0);
                running.allowance().broken();
                billing.report(ask, 0);
            }
            case 3 -> {
                billing.report(ask, PRICE.cost(used));
                running.allowance().used(used, PRICE);
            }
            default -> {
                running.allowance().used(used, PRICE);
                billing.report(ask, PRICE.cost(used));
                billing.report(ask, PRICE.cost(used));
            }
        }
    }

    private void dead(Ask ask, boolean silent, Random random) {
        if (!silent) {
            billing.report(ask, random.nextInt(2000));
        } else {
            unreported.add(ask.task());
            Thread.startVirtualThread(
                    () -> {
                        Await.until("it is given up", LIMIT, () -> billing.hasReleased(ask.task()));
                        possible.change(ask, -ask.nanos());
                        if (ask.nanos() % 2 == 0) {
                            billing.report(ask, ask.nanos());
                        }
                    });
        }
    }

    private boolean nothingIsHeld() {
        return KEYS.stream().allMatch(key -> possible.now(key) == billing.ledger(key))
                && possible.now(PAYER) == billing.ledger(PAYER);
    }

    private void allOfTheRestCanBeSpent(Subject subject) {
        long rest = budget(subject) - billing.ledger(subject);
        var all = new Ask(UUID.randomUUID(), ACCOUNT, List.of(subject), 0, rest);
        var more = new Ask(UUID.randomUUID(), ACCOUNT, List.of(subject), 0, 1);
        assertThat(reserve(all)).as(subject.name()).isInstanceOf(Reserved.Held.class);
        assertThat(reserve(more)).as(subject.name()).isInstanceOf(Reserved.Refused.class);
        nodes.getFirst().reservations.settle(all, Used.NOTHING).toCompletableFuture().join();
    }

    private Reserved reserve(Ask ask) {
        return nodes.getFirst().reservations.reserve(ask).toCompletableFuture().join();
    }
}
