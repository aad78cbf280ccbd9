// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.allowance;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.counters.reserve.Ask;
import io.uplion.counters.reserve.Limit;
import io.uplion.counters.reserve.Noted;
import io.uplion.counters.reserve.Renewed;
import io.uplion.counters.reserve.Reservations;
import io.uplion.counters.reserve.Reserved;
import io.uplion.counters.reserve.Subject;
import io.uplion.counters.reserve.Used;
import io.uplion.openai.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AllowancesTest {
    private final SlowStore store = new SlowStore();
    private final Allowances allowances = new Allowances(store, _ -> {});
    private final Ask ask =
            new Ask(
                    new UUID(1, 1),
                    new UUID(2, 2),
                    List.of(Subject.of("key").withBudget("total", 10)),
                    0,
                    7);

    /// Answers when it is told to.
    private static final class SlowStore implements Reservations {
        private final CompletableFuture<Reserved> answer = new CompletableFuture<>();
        private final List<Ask> renewed = new ArrayList<>();
        private final AtomicInteger unopened = new AtomicInteger();

        @Override
        public CompletionStage<Reserved> reserve(Ask asked) {
            return unopened.getAndDecrement() > 0
                    ? CompletableFuture.completedFuture(new Reserved.Unopened(List.of()))
                    : answer;
        }

        @Override
        public CompletionStage<Renewed> renew(List<Ask> running) {
            renewed.addAll(running);
            return CompletableFuture.completedFuture(new Renewed.Done(Set.of()));
        }

        @Override
        public CompletionStage<Noted> settle(Ask settled, Used used) {
            return CompletableFuture.completedFuture(new Noted.Done());
        }

        @Override
        public void close() {}
    }

    /// A renewal carries the whole ask: the store would take it for one that it has lost.
    @Test
    void whatIsRefusedIsNeverRenewed() {
        allowances.ask(Optional.of(ask));
        allowances.renew();
        store.answer.complete(
                new Reserved.Refused("key", Limit.BUDGET, 10, Optional.empty(), Optional.empty()));
        allowances.renew();

        assertThat(store.renewed).isEmpty();
    }

    @Test
    void budgetThatIsOpenedInAMomentIsWaitedFor() {
        store.answer.complete(new Reserved.Held(List.of()));
        store.unopened.set(2);
        assertThat(allowances.ask(Optional.of(ask)).toCompletableFuture().join())
                .isInstanceOf(Allowances.Allowed.class);
    }

    @Test
    void budgetThatStaysUnknownIsNotWaitedForLong() {
        store.unopened.set(1000);
        assertThat(allowances.ask(Optional.of(ask)).toCompletableFuture().join())
                .isInstanceOfSatisfying(
                        Allowances.Refused.class,
                        refused ->
                                assertThat(refused.error().code())
                                        .isEqualTo(ErrorCode.LIMITS_UNAVAILABLE));
    }

    @Test
    void whatIsHeldIsRenewedUntilItsEnd() {
        store.answer.complete(new Reserved.Held(List.of()));
        var allowed = allowances.ask(Optional.of(ask)).toCompletableFuture().join();
        allowances.renew();
        assertThat(store.renewed).containsExactly(ask);

        ((Allowances.Allowed) allowed).allowance().unused();
        allowances.renew();
        assertThat(store.renewed).containsExactly(ask);
    }
}
