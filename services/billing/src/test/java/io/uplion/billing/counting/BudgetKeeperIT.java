// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.counting;

import static io.uplion.billing.PostgresServer.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.billing.AwayBudgets;
import io.uplion.billing.PostgresServer;
import io.uplion.billing.Usages;
import io.uplion.billing.counting.BudgetKeeper.Pace;
import io.uplion.billing.intake.UsageBatch;
import io.uplion.billing.ledger.Ledger;
import io.uplion.billing.ledger.Months;
import io.uplion.billing.ledger.Retention;
import io.uplion.billing.ledger.Written;
import io.uplion.counters.reserve.Ask;
import io.uplion.counters.reserve.Book;
import io.uplion.counters.reserve.Books;
import io.uplion.counters.reserve.Counter;
import io.uplion.counters.reserve.InProcessReservations;
import io.uplion.counters.reserve.Reserved;
import io.uplion.counters.reserve.Spent;
import io.uplion.counters.reserve.Subject;
import io.uplion.store.Database;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// When budgets are opened and money is freed; time passes when a test says so.
class BudgetKeeperIT {
    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

    private static PostgresServer server;
    private final AtomicLong nanos = new AtomicLong(1);
    private final ManualSource source = new ManualSource();
    private final UUID account = UUID.randomUUID();
    private final UUID user = UUID.randomUUID();
    private final UUID key = UUID.randomUUID();
    private final Counter keysMonth = new Counter("key:" + key, "2026-11");
    private InProcessReservations store = new InProcessReservations(nanos::get);
    private AwayBudgets budgets = new AwayBudgets(store);
    private Database database;
    private Jdbi jdbi;
    private Ledger ledger;
    private BudgetKeeper keeper;

    @BeforeAll
    static void start() {
        server = new PostgresServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open() {
        database = Database.open(server.newDatabase());
        jdbi = database.jdbi();
        ledger =
                new Ledger(
                        jdbi,
                        _ -> true,
                        new Months(jdbi, Retention.FOR_EVER, Clock.systemUTC()),
                        Retention.FOR_EVER,
                        Clock.systemUTC());
        execute("INSERT INTO accounts VALUES (?, 'Ada', 'PERSONAL', false, now())", account);
        execute(
                "INSERT INTO users (id, email, name, personal_account, created_at)"
                        + " VALUES (?, 'ada@b.c', 'Ada', ?, now())",
                user,
                account);
        execute("INSERT INTO account_members VALUES (?, ?, now())", account, user);
        execute(
                "INSERT INTO api_keys (id, account_id, user_id, name, sha256, prefix, last4,"
                        + " created_at) VALUES (?, ?, ?, 'k', sha256('a'), 'upl', 'last', now())",
                key,
                account,
                user);
        keeper = keeper(NOW);
    }

    private BudgetKeeper keeper(Instant now) {
        return new BudgetKeeper(
                new BudgetKeeper.Outside(jdbi, ledger, source, budgets),
                Pace.DEFAULT,
                Clock.fixed(now, ZoneOffset.UTC),
                nanos::get);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void execute(String sql, Object... values) {
        jdbi.useHandle(handle -> handle.execute(sql, values));
    }

    private void limit(String table, long budget, String period) {
        execute("UPDATE " + table + " SET budget_nanos = ?, budget_period = ?", budget, period);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
        keeper.round();
    }

    /// Until what must settle has settled, and all usage is billed.
    private void settle() {
        pass(Pace.DEFAULT.look());
        pass(Pace.DEFAULT.settling());
        source.drain();
        pass(Pace.DEFAULT.look());
    }

    private Map<Counter, Book> books() {
        return ((Books.Found) store.books(account).toCompletableFuture().join()).counters();
    }

    private boolean isOpen(Counter counter) {
        return books().containsKey(counter) && books().get(counter).spent().isPresent();
    }

    private UUID billed(long cost) {
        var some = Usages.any().of(account).by(user, Optional.of(key));
        var usage = some.costs(cost, NOW);
        ledger.write(new UsageBatch(List.of(usage), List.of()));
        return usage.claim().task();
    }

    private Ask ask(long most) {
        var subject = Subject.of("key:" + key).withBudget("2026-11", 1_000);
        return new Ask(Usages.task(NOW), account, List.of(subject), 0, most);
    }

    private Reserved reserve(Ask ask) {
        return store.reserve(ask).toCompletableFuture().join();
    }

    @Test
    void budgetThatIsSetIsOpenedWithinASecondAsSoonAsUsageIsBilled() {
        settle();
        billed(300);
        limit("api_keys", 1_000, "MONTH");
        limit("users", 1_000, "DAY");
        limit("accounts", 1_000, "TOTAL");

        pass(Pace.DEFAULT.look());
        assertThat(keeper.waiting()).isEqualTo(3);
        assertThat(books()).isEmpty();
        source.drain();
        pass(Pace.DEFAULT.look());

        assertThat(keeper.waiting()).isZero();
        assertThat(books())
                .containsOnly(
                        Map.entry(keysMonth, spent(300, 1)),
                        Map.entry(new Counter("user:" + user, "2026-11-28"), spent(300, 1)),
                        Map.entry(new Counter("account:" + account, "total"), spent(300, 1)));
    }

    private static Book spent(long nanos, long version) {
        return new Book(Optional.of(new Spent(nanos, version)), 0);
    }

    @Test
    void storeThatWasLostIsOpenedOnceRunningTasksAndUsageAreBack() {
        limit("api_keys", 1_000, "MONTH");
        settle();
        assertThat(isOpen(keysMonth)).isTrue();
        billed(5);

        store = new InProcessReservations(nanos::get);
        budgets = new AwayBudgets(store);
        keeper = keeper(NOW);
        keeper.round();
        source.drain();
        pass(Pace.DEFAULT.settling().minusSeconds(1));
        assertThat(isOpen(keysMonth)).isFalse();

        pass(Duration.ofSeconds(2));
        assertThat(isOpen(keysMonth)).isFalse();
        billed(6);
        source.drain();
        pass(Pace.DEFAULT.look());

        assertThat(books()).containsExactly(Map.entry(keysMonth, spent(11, 2)));
    }

    @Test
    void counterThatIsLostAloneIsFoundAndOpenedLikeALostStore() {
        limit("api_keys", 1_000, "MONTH");
        settle();
        store.forget(account, keysMonth);

        pass(Pace.DEFAULT.look());
        source.drain();
        pass(Pace.DEFAULT.settling().minusSeconds(1));
        assertThat(isOpen(keysMonth)).isFalse();
        pass(Duration.ofSeconds(2));
        source.drain();
        pass(Pace.DEFAULT.look());

        assertThat(isOpen(keysMonth)).isTrue();
    }

    @Test
    void billingThatIsNewFindsWhatIsOpenAndDoesNotWaitForIt() {
        limit("api_keys", 1_000, "MONTH");
        settle();
        var marks = source.marks();

        keeper = keeper(NOW);
        keeper.round();

        assertThat(keeper.waiting()).isZero();
        assertThat(source.marks()).isEqualTo(marks);
    }

    @Test
    void nextPeriodIsOpenedBeforeItBeginsAndOldOnesAreForgotten() {
        limit("api_keys", 1_000, "DAY");
        keeper = keeper(Instant.parse("2026-11-30T22:30:00Z"));
        settle();
        assertThat(books().keySet()).containsExactly(new Counter("key:" + key, "2026-11-30"));

        keeper = keeper(Instant.parse("2026-11-30T23:30:00Z"));
        settle();
        assertThat(books().keySet())
                .containsExactlyInAnyOrder(
                        new Counter("key:" + key, "2026-11-30"),
                        new Counter("key:" + key, "2026-12-01"));

        keeper = keeper(Instant.parse("2026-12-03T12:00:00Z"));
        settle();
        pass(Pace.DEFAULT.look());
        assertThat(books().keySet())
                .containsExactlyInAnyOrder(
                        new Counter("key:" + key, "2026-12-01"),
                        new Counter("key:" + key, "2026-12-03"));
    }

    @Test
    void counterThatKnowsAnOlderLedgerIsToldTheNewerOne() {
        limit("api_keys", 1_000, "MONTH");
        settle();
        billed(40);
        assertThat(books()).containsExactly(Map.entry(keysMonth, spent(0, 0)));

        pass(Pace.DEFAULT.look());

        assertThat(books()).containsExactly(Map.entry(keysMonth, spent(40, 1)));
    }

    @Test
    void moneyOfTheDeadIsFreedOnlyAfterTheUsageThatWasThereIsBilled() {
        limit("api_keys", 1_000, "MONTH");
        settle();
        var dead = ask(900);
        assertThat(reserve(dead)).isInstanceOf(Reserved.Held.class);

        for (int i = 0; i < 30; i++) {
            pass(Pace.DEFAULT.overdue());
        }
        assertThat(reserve(ask(200))).isInstanceOf(Reserved.Refused.class);
        assertThat(keeper.released()).isZero();

        source.drain();
        pass(Pace.DEFAULT.look());

        assertThat(keeper.released()).isOne();
        assertThat(reserve(ask(1_000))).isInstanceOf(Reserved.Held.class);
        assertThat(reserve(dead)).isInstanceOf(Reserved.Over.class);
    }

    /// Its gateway was gone, its money was freed and given to another: what its worker reports now
    /// is charged to nobody, or more than the budget would be.
    @Test
    void lateUsageOfATaskWhoseMoneyWasFreedIsChargedToNobody() {
        limit("api_keys", 1_000, "MONTH");
        settle();
        var dead = ask(900);
        reserve(dead);
        release();
        var next = ask(1_000);
        assertThat(reserve(next)).isInstanceOf(Reserved.Held.class);

        bill(next.task(), 1_000);
        bill(dead.task(), 700);

        assertThat(books()).containsExactly(Map.entry(keysMonth, spent(1_000, 1)));
        assertThat(texts(jdbi, "SELECT nanos || ' ' || absorbed_nanos FROM ledger ORDER BY 1"))
                .containsExactly("0 700", "1000 0");
        assertThat(texts(jdbi, "SELECT nanos || ' ' || absorbed_nanos FROM balances"))
                .containsExactly("1000 700");
    }

    /// Billed first, by another process that has not told it yet: then it is paid, and freed by
    /// whoever tells it.
    @Test
    void taskThatIsBilledIsNotGivenUp() {
        limit("api_keys", 1_000, "MONTH");
        settle();
        var slow = ask(900);
        reserve(slow);
        late();
        write(slow.task(), 700);
        source.drain();
        pass(Pace.DEFAULT.look());

        assertThat(keeper.released()).isZero();
        assertThat(texts(jdbi, "SELECT task::text FROM given_up")).isEmpty();
        assertThat(reserve(ask(200))).isInstanceOf(Reserved.Refused.class);
    }

    /// Nobody renews anything for longer than a lease.
    private void late() {
        for (int i = 0; i < 30; i++) {
            pass(Pace.DEFAULT.overdue());
        }
    }

    private void release() {
        late();
        source.drain();
        pass(Pace.DEFAULT.look());
        assertThat(keeper.released()).isOne();
    }

    private Written write(UUID task, long cost) {
        var usage = Usages.any().of(account).by(user, Optional.of(key)).record(task, cost);
        return ledger.write(new UsageBatch(List.of(usage), List.of()));
    }

    private void bill(UUID task, long cost) {
        write(task, cost)
                .accounts()
                .forEach((whose, told) -> store.billed(whose, told.spent(), told.tasks()));
    }

    @Test
    void taskThatIsRenewedWhileUsageIsDrainedHoldsOn() {
        limit("api_keys", 1_000, "MONTH");
        settle();
        var slow = ask(900);
        reserve(slow);
        for (int i = 0; i < 30; i++) {
            pass(Pace.DEFAULT.overdue());
        }
        store.renew(List.of(slow));
        source.drain();

        pass(Pace.DEFAULT.look());

        assertThat(reserve(ask(200))).isInstanceOf(Reserved.Refused.class);
        assertThat(texts(jdbi, "SELECT task::text FROM given_up")).isEmpty();
    }

    @Test
    void storeThatIsAwayIsAskedAgainAndThenLookedAfter() {
        limit("api_keys", 1_000, "MONTH");
        budgets.away().set(true);
        settle();
        assertThat(budgets.refused().get()).isPositive();

        budgets.away().set(false);
        settle();

        assertThat(isOpen(keysMonth)).isTrue();
    }
}
