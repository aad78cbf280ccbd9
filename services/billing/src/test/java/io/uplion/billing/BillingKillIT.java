// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing;

import static io.uplion.billing.PostgresServer.number;
import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.counters.redis.RedisCalls;
import io.uplion.counters.redis.RedisProcess;
import io.uplion.counters.reserve.Ask;
import io.uplion.counters.reserve.Book;
import io.uplion.counters.reserve.Counter;
import io.uplion.counters.reserve.RedisBudgets;
import io.uplion.counters.reserve.RedisReservations;
import io.uplion.counters.reserve.Reserved;
import io.uplion.counters.reserve.Spent;
import io.uplion.counters.reserve.Subject;
import io.uplion.counters.reserve.Used;
import io.uplion.queue.journal.UsageJournal;
import io.uplion.queue.journal.UsageTail;
import io.uplion.store.Database;
import io.uplion.store.DatabaseConfig;
import io.uplion.task.UsageRecord;
import io.uplion.testing.wait.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many usage records, each several times and in any order, while billing is killed again and again
/// (`kill -9`): real processes, a real database, a real Redis. The long form with `./uplion test
/// --faults`.
class BillingKillIT {
    private static final boolean LONG = Boolean.getBoolean("uplion.faults");
    private static final int EVENTS = LONG ? 100_000 : 5_000;
    private static final int KILLS = LONG ? 40 : 3;
    private static final int BATCH = LONG ? 500 : 200;
    private static final int ACCOUNTS = 20;
    private static final int MOST_COPIES = 5;
    private static final Duration LIMIT = Duration.ofMinutes(LONG ? 30 : 3);

    @TempDir private Path journal;
    private final Random random = new Random(7);

    @Test
    void ledgerHasEachTaskOnceAndCountersHoldNothingHoweverOftenBillingIsKilled() throws Exception {
        try (var server = new PostgresServer();
                var redis = RedisProcess.start("");
                var node = redis.calls(Duration.ofSeconds(10))) {
            var config = server.newDatabase();
            try (var database = Database.open(config)) {
                var rich = new RichAccount(database.jdbi(), node);
                var events = events(rich);
                publish(events);
                rich.open(journal, config, redis);
                rich.spend(events);
                billUnderFire(config, redis, database.jdbi());
                new Books(events).check(database.jdbi());
                rich.check();
            }
        }
    }

    /// Some of the tasks are of an account with a budget.
    private List<UsageRecord> events(RichAccount rich) {
        var users = new ArrayList<Usages>();
        for (int i = 1; i < ACCOUNTS; i++) {
            users.add(Usages.any());
        }
        users.add(rich.usages);
        var events = new ArrayList<UsageRecord>();
        for (int i = 0; i < EVENTS; i++) {
            events.add(users.get(i % ACCOUNTS).costs(1 + random.nextInt(1_000)));
        }
        return events;
    }

    private void publish(List<UsageRecord> events) throws IOException {
        var copies = new ArrayList<UsageRecord>();
        for (var usage : events) {
            copies.addAll(Collections.nCopies(1 + random.nextInt(MOST_COPIES), usage));
        }
        Collections.shuffle(copies, random);
        try (var queue = UsageJournal.open(journal)) {
            copies.forEach(usage -> queue.publish(usage).toCompletableFuture().join());
        }
    }

    private void billUnderFire(DatabaseConfig config, RedisProcess redis, Jdbi jdbi)
            throws Exception {
        for (int i = 0; i <= KILLS; i++) {
            var child = child(config, redis);
            try {
                var before = number(jdbi, "SELECT count(*) FROM ledger");
                // The last one comes to the end.
                var more = i == KILLS ? EVENTS : 1 + random.nextInt(EVENTS / (KILLS + 2));
                Await.until(
                        "billing goes on",
                        LIMIT,
                        () -> Books.areComplete(jdbi, (int) Math.min(EVENTS, before + more)));
            } finally {
                child.destroyForcibly();
                assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
            }
        }
        // Whatever the last one had not told or acknowledged.
        try (var _ = new BillForever(config, journal, redis.config(), BATCH)) {
            Await.until("everything is billed", LIMIT, this::isAllBilled);
        }
    }

    private boolean isAllBilled() {
        try {
            var place = UsageTail.open(journal);
            return place.billed().equals(place.end());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process child(DatabaseConfig config, RedisProcess redis) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BillForever.class.getName(),
                        config.url(),
                        journal.toString(),
                        "redis://127.0.0.1:" + redis.config().port(),
                        Integer.toString(BATCH))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /// An account with a budget whose tasks hold money while they are billed.
    private static final class RichAccount {
        private static final long BUDGET = 1_000_000_000;
        private final Usages usages = Usages.any();
        private final Counter counter = new Counter("account:" + usages.account(), "total");
        private final RedisReservations store;
        private final RedisBudgets budgets;
        private long spent;

        RichAccount(Jdbi jdbi, RedisCalls node) {
            store = new RedisReservations(node);
            budgets = new RedisBudgets(node);
            jdbi.useHandle(
                    handle ->
                            handle.execute(
                                    "INSERT INTO accounts (id, name, kind, created_at,"
                                            + " budget_nanos, budget_period)"
                                            + " VALUES (?, 'rich', 'ORGANIZATION', now(), ?,"
                                            + " 'TOTAL')",
                                    usages.account(),
                                    BUDGET));
        }

        /// Billing opens the counter only when the usage that there is is billed: so before there
        /// is any.
        void open(Path journal, DatabaseConfig config, RedisProcess redis) throws IOException {
            var none = journal.resolve("none");
            try (var _ = new BillForever(config, none, redis.config(), BATCH)) {
                Await.until("the budget is open", LIMIT, () -> !books().isEmpty());
            }
        }

        private Map<Counter, Book> books() {
            var books = budgets.books(usages.account()).toCompletableFuture().join();
            return ((io.uplion.counters.reserve.Books.Found) books).counters();
        }

        /// Half of them have been settled when they are billed.
        void spend(List<UsageRecord> events) {
            for (var usage : events) {
                if (usage.claim().account().equals(usages.account())) {
                    var subject = Subject.of(counter.subject()).withBudget("total", BUDGET);
                    var cost = usage.tokens().input();
                    var ask = new Ask(usage.claim().task(), account(), List.of(subject), 0, cost);
                    var held = store.reserve(ask).toCompletableFuture().join();
                    assertThat(held).isInstanceOf(Reserved.Held.class);
                    if (cost % 2 == 0) {
                        store.settle(ask, new Used(0, cost)).toCompletableFuture().join();
                    }
                    spent += cost;
                }
            }
        }

        private UUID account() {
            return usages.account();
        }

        void check() {
            var book = books().get(counter);
            assertThat(book.held()).isZero();
            assertThat(book.spent().map(Spent::nanos)).isEqualTo(Optional.of(spent));
        }
    }
}
