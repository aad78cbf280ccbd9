// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

import static io.uplion.counters.reserve.Purse.limited;
import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.counters.redis.RedisCalls;
import io.uplion.counters.redis.RedisProcess;
import io.uplion.counters.reserve.BudgetModel.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class RedisBudgetsIT extends BudgetsContract {
    private static final List<RedisCalls> NODES = new ArrayList<>();
    private static RedisProcess redis;
    private static int clients;

    /// When it is needed first: two kinds of tests need it.
    private static synchronized RedisCalls node() {
        if (redis == null) {
            redis = RedisProcess.start("");
            for (var i = 0; i < 4; i++) {
                NODES.add(redis.calls(Duration.ofSeconds(10)));
            }
        }
        return NODES.get(clients++ % NODES.size());
    }

    @AfterAll
    @AfterContainer
    static synchronized void stopRedis() {
        NODES.forEach(RedisCalls::close);
        NODES.clear();
        if (redis != null) {
            redis.close();
            redis = null;
        }
    }

    @Override
    Purse purse(UUID account) {
        return purse(account, SHORT);
    }

    private static Purse purse(UUID account, Duration lease) {
        var node = node();
        return new Purse(
                new RedisReservations(node, lease), new RedisBudgets(node, lease), account);
    }

    @Property(tries = 40)
    void itDoesWhatThePlainModelDoes(@ForAll("steps") List<Step> steps) {
        new BudgetModel(purse(UUID.randomUUID(), Reservations.LEASE)).play(steps);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Steps.any();
    }

    @Test
    void moneyIsKeptForWeeksAndGoesInTheEnd() {
        var purse = purse(UUID.randomUUID(), SHORT);
        purse.open("key:a", 0, 1);
        purse.held(1, limited("key:a", 100));

        var keys = new RedisKeys(purse.account());
        for (var key : List.of(keys.tasks(), keys.leases())) {
            assertThat(redis.ask("PTTL", key)).isGreaterThan(Duration.ofDays(39).toMillis());
        }
    }

    @Test
    void leasesWithoutTheirTasksHoldNobodyUp() {
        var purse = purse(UUID.randomUUID(), SHORT);
        purse.open("key:a", 0, 1);
        purse.held(1, limited("key:a", 100));
        redis.ask("DEL", new RedisKeys(purse.account()).tasks());

        assertThat(purse.overdue()).isEmpty();
        Asking.waitFor(SHORT);
        purse.open("key:a", 0, 1);

        assertThat(purse.reserve(100, limited("key:a", 100))).isInstanceOf(Reserved.Held.class);
    }

    @Test
    void aStoreThatIsAwayIsUnknown() {
        try (var gone = RedisProcess.start("");
                var calls = gone.calls(Duration.ofMillis(200))) {
            var purse =
                    new Purse(
                            new ReservationsWhileAway(
                                    new RedisReservations(calls),
                                    new InProcessReservations(System::nanoTime)),
                            new RedisBudgets(calls),
                            UUID.randomUUID());
            gone.kill();

            assertThat(purse.reserve(1, limited("key:a", 100)))
                    .isInstanceOf(Reserved.Unknown.class);
            assertThat(purse.open("key:a", 1, 1)).isInstanceOf(Noted.Unknown.class);
            assertThat(purse.billed("key:a", 1, 1)).isInstanceOf(Noted.Unknown.class);
            assertThat(purse.release(UUID.randomUUID())).isInstanceOf(Noted.Unknown.class);
            assertThat(purse.budgets().overdue(purse.account()).toCompletableFuture().join())
                    .isInstanceOf(Overdue.Unknown.class);
            assertThat(purse.budgets().holders().toCompletableFuture().join())
                    .isInstanceOf(Holders.Unknown.class);
            assertThat(purse.budgets().books(purse.account()).toCompletableFuture().join())
                    .isInstanceOf(Books.Unknown.class);
            assertThat(purse.budgets().incarnation("a").toCompletableFuture().join())
                    .isInstanceOf(Incarnation.Unknown.class);
        }
    }

    @Test
    void aStoreThatHasForgottenSaysSoUntilBillingHasToldIt() {
        var purse = purse(UUID.randomUUID(), Reservations.LEASE);
        var key = limited("key:a", 100);
        purse.open("key:a", 20, 1);
        var running = purse.held(50, key);

        var word = word(purse, "one");
        assertThat(word(purse, "two")).isEqualTo(word);
        redis.ask("FLUSHALL");

        assertThat(word(purse, "three")).isEqualTo("three");
        assertThat(purse.reserve(1, key)).isInstanceOf(Reserved.Unopened.class);
        purse.renew(running);
        purse.open("key:a", 20, 1);
        assertThat(purse.reserve(31, key)).isInstanceOf(Reserved.Refused.class);
        assertThat(purse.reserve(30, key)).isInstanceOf(Reserved.Held.class);
    }

    private static String word(Purse purse, String offered) {
        var told = purse.budgets().incarnation(offered).toCompletableFuture().join();
        return ((Incarnation.Known) told).word();
    }
}
