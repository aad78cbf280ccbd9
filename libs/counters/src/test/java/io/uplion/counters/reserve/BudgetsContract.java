// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

import static io.uplion.counters.reserve.Purse.counter;
import static io.uplion.counters.reserve.Purse.limited;
import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.counters.reserve.Reserved.Held;
import io.uplion.counters.reserve.Reserved.Refused;
import io.uplion.counters.reserve.Reserved.TooLarge;
import io.uplion.counters.reserve.Reserved.Unopened;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What every adapter of [Reservations] and [Budgets] does with money.
public abstract class BudgetsContract {
    static final Duration SHORT = Duration.ofSeconds(3);

    private final UUID account = UUID.randomUUID();
    private final Subject key = limited("key:a", 100);

    /// A node of the store that all tests of a class share, before one account.
    ///
    /// Its leases are short: what is to last must last by itself.
    abstract Purse purse(UUID account);

    private Purse purse() {
        return purse(account);
    }

    private Purse opened() {
        purse().open("key:a", 0, 1);
        return purse();
    }

    @Test
    void whatNobodyHasOpenedIsUnknown() {
        var user = limited("user:b", 100);
        purse().open("user:b", 0, 1);

        assertThat(purse().reserve(0, key, user))
                .isEqualTo(new Unopened(List.of(counter("key:a"))));

        purse().open("key:a", 0, 1);
        assertThat(purse().reserve(0, key, user)).isInstanceOf(Held.class);
    }

    @Test
    void nobodyIsRefusedWhileThereIsEnoughAndEverybodyOnceThereIsNot() {
        purse().open("key:a", 30, 1);
        purse().held(50, key);
        purse().held(20, key);

        var taken = (Refused) purse().reserve(1, key);
        assertThat(taken.subject()).isEqualTo("key:a");
        assertThat(taken.limit()).isEqualTo(Limit.BUDGET);
        assertThat(taken.most()).isEqualTo(100);
        assertThat(taken.retryAfter()).isPresent();
        var spent = (Refused) purse().reserve(71, key);
        assertThat(spent.retryAfter()).isEmpty();
        assertThat(purse().reserve(0, key)).isInstanceOf(Held.class);
    }

    @Test
    void moreThanTheWholeBudgetIsNoMatterOfTime() {
        assertThat(opened().reserve(101, key)).isEqualTo(new TooLarge("key:a", Limit.BUDGET, 100));
    }

    @Test
    void whatOneSubjectLacksNoneHolds() {
        var user = limited("user:b", 40);
        opened().open("user:b", 0, 1);
        purse().held(30, key, user);

        for (var i = 0; i < 5; i++) {
            var refused = (Refused) purse().reserve(20, key, user);
            assertThat(refused.subject()).isEqualTo("user:b");
        }

        assertThat(purse().reserve(70, key)).isInstanceOf(Held.class);
    }

    @Test
    void aTaskOwesWhatItUsedButNeverMoreThanItHeld() {
        var less = opened().held(50, key);
        var more = purse().held(40, key);
        purse().settle(less, 20);
        purse().settle(more, 1_000);
        purse().settle(more, 1);

        assertThat(purse().reserve(41, key)).isInstanceOf(Refused.class);
        assertThat(purse().reserve(40, key)).isInstanceOf(Held.class);
    }

    @Test
    void aTaskThatCostNothingHoldsNothing() {
        var nothing = opened().held(100, key);

        purse().settle(nothing, 0);

        assertThat(purse().reserve(100, key)).isInstanceOf(Held.class);
    }

    @Test
    void whatIsBilledIsSpentAndNoLongerOwed() {
        var one = opened().held(50, key);
        purse().settle(one, 30);

        purse().billed("key:a", 30, 2, one);
        purse().billed("key:a", 30, 2, one);

        assertThat(purse().reserve(71, key)).isInstanceOf(Refused.class);
        assertThat(purse().reserve(70, key)).isInstanceOf(Held.class);
        assertThat(purse().reserve(one)).isEqualTo(new Reserved.Over());
    }

    @Test
    void anOlderLedgerTakesAwayWhatIsBilledAndDoesNotSetWhatIsSpent() {
        var one = opened().held(10, key);
        var two = purse().held(20, key);
        purse().settle(one, 10);
        purse().settle(two, 20);
        purse().billed("key:a", 30, 3, two);

        purse().billed("key:a", 10, 2, one);
        purse().open("key:a", 0, 3);

        assertThat(purse().reserve(71, key)).isInstanceOf(Refused.class);
        assertThat(purse().reserve(70, key)).isInstanceOf(Held.class);
    }

    @Test
    void aTaskThatIsBilledBeforeItIsSettledOwesNothingMore() {
        var busy = key.withTasksAtOnce(1).withTokensPerMinute(1000);
        opened();
        var one = new Ask(UUID.randomUUID(), account, List.of(busy), 900, 50);
        purse().reserve(one);

        purse().billed("key:a", 30, 2, one);
        assertThat(purse().renew(one)).isEqualTo(new Renewed.Done(Set.of(one.task())));
        purse().store().settle(one, new Used(100, 30)).toCompletableFuture().join();
        purse().store().settle(one, new Used(500, 30)).toCompletableFuture().join();

        var held = (Held) purse().reserve(70, busy);
        assertThat(held.tightest().orElseThrow().remaining()).isGreaterThanOrEqualTo(900);
        assertThat(purse().reserve(0, key)).isInstanceOf(Held.class);
        assertThat(purse().reserve(1, key)).isInstanceOf(Refused.class);
    }

    @Test
    void whatIsOwedDoesNotRunOut() {
        var purse = opened();
        var owing = purse.held(60, key);
        purse.settle(owing, 60);

        Asking.waitFor(SHORT.multipliedBy(2));

        assertThat(purse.overdue()).isEmpty();
        assertThat(purse.renew(owing)).isEqualTo(new Renewed.Done(Set.of(owing.task())));
        assertThat(purse.reserve(owing)).isEqualTo(new Reserved.Over());
        assertThat(purse.reserve(41, key)).isInstanceOf(Refused.class);
    }

    @Test
    void moneyThatNobodyRenewsIsFreedByBillingOnly() {
        var purse = opened();
        var busy = key.withTasksAtOnce(1);
        var dead = purse.held(60, busy);
        Asking.waitFor(SHORT);
        assertThat(purse.reserve(41, busy))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.limit()).isEqualTo(Limit.BUDGET));

        // It may have been the store that stood still: the first look decides nothing.
        assertThat(purse.overdue()).isEmpty();
        purse.release(dead.task());
        assertThat(purse.reserve(41, busy)).isInstanceOf(Refused.class);
        Await.until("overdue", Asking.LIMIT, () -> purse.overdue().equals(List.of(dead.task())));
        purse.release(dead.task());

        assertThat(purse.overdue()).isEmpty();
        assertThat(purse.renew(dead)).isEqualTo(new Renewed.Done(Set.of(dead.task())));
        assertThat(purse.reserve(100, busy)).isInstanceOf(Held.class);
    }

    @Test
    void aTaskThatIsRenewedAfterAllHoldsOn() {
        var purse = opened();
        var late = purse.held(60, key.withTasksAtOnce(1));
        Await.until("overdue", Asking.LIMIT, () -> purse.overdue().equals(List.of(late.task())));

        assertThat(purse().renew(late)).isEqualTo(new Renewed.Done(Set.of()));
        purse.release(late.task());

        assertThat(purse.overdue()).isEmpty();
        assertThat(purse.reserve(0, key.withTasksAtOnce(1))).isInstanceOf(Refused.class);
        assertThat(purse.reserve(41, key)).isInstanceOf(Refused.class);
        assertThat(purse.reserve(40, key)).isInstanceOf(Held.class);
    }

    @Test
    void billingSeesATaskLateBeforeItsLeaseEnds() {
        var purse = opened();
        var start = System.nanoTime();
        var dead = purse.held(60, key);

        Await.until("overdue", Asking.LIMIT, () -> !purse.overdue().isEmpty());

        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(SHORT.minusMillis(100), SHORT.multipliedBy(4).dividedBy(3));
        assertThat(purse.overdue()).containsExactly(dead.task());
    }

    @Test
    void whatRunsCountsOnceALostStoreIsOpened() {
        var running = purse().ask(60, key);
        purse().renew(running);
        purse().renew(running);
        assertThat(purse().reserve(0, key)).isInstanceOf(Unopened.class);

        purse().open("key:a", 10, 7);

        assertThat(purse().reserve(31, key)).isInstanceOf(Refused.class);
        assertThat(purse().reserve(30, key)).isInstanceOf(Held.class);
        purse().settle(running, 5);
        assertThat(purse().reserve(55, key)).isInstanceOf(Held.class);
    }

    @Test
    void aTaskThatALostStoreDoesNotKnowOwesOnlyWhatIsOpen() {
        var before = purse().ask(60, key);
        purse().settle(before, 60);
        purse().open("key:a", 60, 7);
        var after = purse().ask(30, key);

        purse().settle(after, 30);

        assertThat(purse().reserve(11, key)).isInstanceOf(Refused.class);
        assertThat(purse().reserve(10, key)).isInstanceOf(Held.class);
    }

    @Test
    void largeAmountsAreCountedToTheLastBillionth() {
        var rich = limited("key:a", Budget.MOST);
        purse().open("key:a", Budget.MOST - 1_000_000_003, 1);

        purse().held(3, rich);
        purse().held(999_999_999, rich);
        purse().held(1, rich);
        assertThat(purse().reserve(1, rich))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.retryAfter()).isNotEqualTo(Optional.empty()));
    }

    @Test
    void fourNodesNeverSpendMoreThanTheBudget() throws Exception {
        new Spenders(Stream.generate(this::purse).limit(4).toList()).run();
    }

    @Test
    void periodsAreCountedApartAndForgotten() {
        var next = Subject.of("key:a").withBudget("month:2026-12", 100);
        opened().held(100, key);
        var december = new Counter("key:a", "month:2026-12");
        purse().budgets().open(account, december, new Spent(0, 1)).toCompletableFuture().join();

        assertThat(purse().reserve(100, next)).isInstanceOf(Held.class);

        purse().budgets().forget(account, counter("key:a")).toCompletableFuture().join();
        assertThat(purse().reserve(0, key)).isInstanceOf(Unopened.class);
        assertThat(purse().reserve(0, next)).isInstanceOf(Held.class);
    }

    @Test
    void accountsWithTasksAreListedUntilTheyHaveNone() {
        var other = UUID.randomUUID();
        assertThat(holders()).doesNotContain(account, other);
        opened();
        assertThat(holders()).doesNotContain(account);

        var running = purse().held(10, key);
        var lapsing = purse(other).ask(10, key);
        purse(other).renew(lapsing);
        assertThat(holders()).contains(account, other);

        purse().settle(running, 5);
        assertThat(holders()).doesNotContain(account).contains(other);
        var late = purse(other);
        Await.until("overdue", Asking.LIMIT, () -> late.overdue().equals(List.of(lapsing.task())));
        assertThat(holders()).contains(other);
        late.release(lapsing.task());
        assertThat(holders()).doesNotContain(other);
    }

    private Set<UUID> holders() {
        var holders = purse().budgets().holders().toCompletableFuture().join();
        return ((Holders.Found) holders).accounts();
    }

    @Test
    void booksSayWhatIsOpenAndWhatIsHeld() {
        assertThat(books()).isEmpty();
        var user = limited("user:b", 100);
        opened().renew(purse().ask(7, user));
        purse().settle(purse().held(30, key), 20);
        purse().held(5, key);
        purse().billed("key:a", 40, 3);

        assertThat(books())
                .containsOnly(
                        Map.entry(counter("key:a"), new Book(Optional.of(new Spent(40, 3)), 25)),
                        Map.entry(counter("user:b"), new Book(Optional.empty(), 7)));
    }

    private Map<Counter, Book> books() {
        var books = purse().budgets().books(account).toCompletableFuture().join();
        return ((Books.Found) books).counters();
    }

    @Test
    void aStoreKeepsTheWordThatItWasToldFirst() {
        var word = incarnation(UUID.randomUUID().toString());

        assertThat(incarnation(UUID.randomUUID().toString())).isEqualTo(word);
    }

    private String incarnation(String offered) {
        var told = purse().budgets().incarnation(offered).toCompletableFuture().join();
        return ((Incarnation.Known) told).word();
    }
}
