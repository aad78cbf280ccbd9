// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.billing.PostgresServer;
import io.uplion.billing.Usages;
import io.uplion.billing.check.Difference.Between;
import io.uplion.billing.counting.CountersCheck;
import io.uplion.billing.intake.UsageBatch;
import io.uplion.billing.ledger.Ledger;
import io.uplion.billing.ledger.Months;
import io.uplion.billing.ledger.Retention;
import io.uplion.counters.reserve.Counter;
import io.uplion.counters.reserve.InProcessReservations;
import io.uplion.counters.reserve.Spent;
import io.uplion.queue.journal.UsageJournal;
import io.uplion.queue.journal.UsageTail;
import io.uplion.store.Database;
import io.uplion.task.UsageRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each of the books is spoiled, and found.
class ReconciliationIT {
    private static final Duration BACK = Duration.ofDays(1);
    private static PostgresServer server;

    @TempDir private Path journal;
    private final Usages some = Usages.any();
    private final Counter counter = new Counter("account:" + some.account(), "total");
    private final InProcessReservations store = new InProcessReservations(System::nanoTime);
    private final List<UsageRecord> records = new ArrayList<>();
    private Database database;
    private Jdbi jdbi;
    private Reconciliation books;

    @BeforeAll
    static void start() {
        server = new PostgresServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void billedBooks() throws IOException {
        database = Database.open(server.newDatabase());
        jdbi = database.jdbi();
        var clock = Clock.systemUTC();
        var months = new Months(jdbi, Retention.FOR_EVER, clock);
        var ledger = new Ledger(jdbi, _ -> true, months, Retention.FOR_EVER, clock);
        execute(
                "INSERT INTO accounts (id, name, kind, created_at, budget_nanos, budget_period)"
                        + " VALUES (?, 'a', 'ORGANIZATION', now(), 1000, 'TOTAL')",
                some.account());
        records.add(some.costs(30, Instant.now()));
        records.add(some.by(some.user(), Optional.empty()).costs(12, Instant.now()));
        records.add(Usages.any().costs(5, Instant.now()));
        ledger.write(new UsageBatch(records, List.of()));
        store.open(some.account(), counter, new Spent(42, 1));
        publishBilled(records);
        var counters = new CountersCheck(jdbi, store, ledger, clock, System::nanoTime);
        books =
                new Reconciliation(
                        jdbi,
                        Optional.of(counters),
                        new JournalHistory(journal),
                        Retention.FOR_EVER,
                        clock);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void publishBilled(List<UsageRecord> published) throws IOException {
        try (var queue = UsageJournal.open(journal)) {
            published.forEach(usage -> queue.publish(usage).toCompletableFuture().join());
        }
        var tail = UsageTail.open(journal);
        tail.read(1_000);
        tail.remember();
    }

    /// Past the triggers that keep the ledger.
    private void execute(String sql, Object... values) {
        jdbi.useTransaction(
                handle -> {
                    handle.execute("SET LOCAL session_replication_role = replica");
                    handle.execute(sql, values);
                });
    }

    private Set<Between> found() {
        return books.run(BACK).stream().map(Difference::between).collect(Collectors.toSet());
    }

    @Test
    void booksThatAgreeHaveNoDifference() {
        assertThat(books.run(BACK)).isEmpty();
    }

    @Test
    void rowThatIsGoneFromTheLedgerIsMissedByTheRollupsAndByTheUsage() {
        execute("DELETE FROM ledger WHERE task = ?", records.getFirst().claim().task());

        assertThat(found())
                .containsExactlyInAnyOrder(Between.LEDGER_AND_ROLLUPS, Between.USAGE_AND_LEDGER);
        assertThat(books.run(BACK).toString())
                .contains("task " + records.getFirst().claim().task())
                .contains("ledger says nothing, rollups says 1 requests, 30 + 0 nanos");
    }

    @Test
    void ledgerRowWithOtherMoneyIsFound() {
        execute("UPDATE ledger SET nanos = nanos + 1 WHERE nanos = 30");

        assertThat(found()).containsExactly(Between.LEDGER_AND_ROLLUPS);
    }

    @Test
    void rollupThatIsSpoiledAgreesWithNobody() {
        execute("UPDATE usage_rollups SET nanos = nanos - 1 WHERE nanos = 30");

        assertThat(found())
                .containsExactlyInAnyOrder(
                        Between.LEDGER_AND_ROLLUPS,
                        Between.ROLLUPS_AND_DAYS,
                        Between.ROLLUPS_AND_BALANCES,
                        Between.ROLLUPS_AND_SPENT);
    }

    @Test
    void dayThatIsSpoiledOrGoneIsFound() {
        execute("UPDATE usage_days SET requests = requests + 1");
        assertThat(found()).containsExactly(Between.ROLLUPS_AND_DAYS);

        execute("DELETE FROM usage_days");
        assertThat(found()).containsExactly(Between.ROLLUPS_AND_DAYS);
    }

    @Test
    void balanceThatIsSpoiledOrGoneIsFound() {
        execute("UPDATE balances SET nanos = nanos + 1 WHERE account = ?", some.account());
        assertThat(found()).containsExactly(Between.ROLLUPS_AND_BALANCES);

        execute("DELETE FROM balances");
        assertThat(books.run(BACK)).hasSize(2);
    }

    @Test
    void spentThatIsSpoiledDiffersFromTheRollupsAndFromItsCounter() {
        execute(
                "UPDATE spent SET nanos = nanos + 1 WHERE subject = ? AND period = 'total'",
                counter.subject());

        assertThat(found())
                .containsExactlyInAnyOrder(Between.ROLLUPS_AND_SPENT, Between.SPENT_AND_COUNTERS);
    }

    @Test
    void counterThatIsSpoiledOrNotOpenIsFound() {
        store.billed(some.account(), Map.of(counter, new Spent(41, 9)), List.of());
        assertThat(books.run(BACK))
                .containsExactly(
                        new Difference(
                                Between.SPENT_AND_COUNTERS,
                                "account " + some.account() + ", " + counter.subject() + ", total",
                                "42 nanos in version 1",
                                "41 nanos in version 9"));

        store.forget(some.account(), counter);
        assertThat(found()).containsExactly(Between.SPENT_AND_COUNTERS);
    }

    @Test
    void usageThatCountsAsBilledAndIsNotIsFound() throws IOException {
        var lost = some.record(Usages.task(Instant.now()), 3);
        publishBilled(List.of(lost));

        assertThat(books.run(BACK))
                .containsExactly(
                        new Difference(
                                Between.USAGE_AND_LEDGER,
                                "task " + lost.claim().task(),
                                "it was used",
                                "nothing"));
        execute(
                "INSERT INTO usage_rejects (sha256, reason, task, record)"
                        + " VALUES (sha256('a'), 'none', ?, 'a')",
                lost.claim().task());
        assertThat(books.run(BACK)).isEmpty();
    }

    @Test
    void rolledKeysSpendingIsExpectedWhereItIsCounted() {
        var first = UUID.randomUUID();
        execute(
                "INSERT INTO api_keys (id, account_id, user_id, name, sha256, prefix, last4,"
                        + " created_at, counted_as) VALUES (?, ?, ?, 'k', sha256('a'), 'upl',"
                        + " 'last', now(), ?)",
                some.key().orElseThrow(),
                some.account(),
                some.user(),
                first);

        assertThat(books.run(BACK)).hasSize(6);
        execute(
                "UPDATE spent SET subject = ? WHERE subject = ?",
                "key:" + first,
                "key:" + some.key().orElseThrow());
        assertThat(books.run(BACK)).isEmpty();
    }
}
