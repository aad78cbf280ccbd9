// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.allowance;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.counters.reserve.Ask;
import io.uplion.counters.reserve.Noted;
import io.uplion.counters.reserve.Renewed;
import io.uplion.counters.reserve.Reservations;
import io.uplion.counters.reserve.Reserved;
import io.uplion.counters.reserve.Subject;
import io.uplion.counters.reserve.Used;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SettlementsTest {
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Used USED = new Used(7, 70);

    private final Store store = new Store();
    private final AtomicLong now = new AtomicLong();
    private final Settlements settlements = new Settlements(store, now::get);

    private static Ask ask(Subject subject) {
        return new Ask(UUID.randomUUID(), new UUID(1, 1), List.of(subject), 10, 100);
    }

    private static Ask withBudget() {
        return ask(Subject.of("key:1").withBudget("total", 1000));
    }

    /// Answers when it is told to.
    private static final class Store implements Reservations {
        private final List<Ask> settled = new ArrayList<>();
        private final List<CompletableFuture<Noted>> answers = new ArrayList<>();

        void answer(Noted noted) {
            answers.forEach(answer -> answer.complete(noted));
            answers.clear();
        }

        @Override
        public CompletionStage<Reserved> reserve(Ask ask) {
            throw new AssertionError();
        }

        @Override
        public CompletionStage<Renewed> renew(List<Ask> running) {
            throw new AssertionError();
        }

        @Override
        public CompletionStage<Noted> settle(Ask ask, Used used) {
            assertThat(used).isEqualTo(USED);
            settled.add(ask);
            var answer = new CompletableFuture<Noted>();
            answers.add(answer);
            return answer;
        }

        @Override
        public void close() {}
    }

    @Test
    void chargeIsToldUntilTheStoreHasTakenNote() {
        var ask = withBudget();
        settlements.settle(ask, USED);
        settlements.again();
        assertThat(store.settled).as("one is on its way").hasSize(1);
        store.answer(new Noted.Unknown("away"));
        settlements.again();
        assertThat(store.settled).containsExactly(ask, ask);
        store.answer(new Noted.Done());
        settlements.again();
        assertThat(store.settled).hasSize(2);
        assertThat(settlements.flush(SHORT)).isTrue();
    }

    @Test
    void whatFreesItselfIsToldOnce() {
        settlements.settle(ask(Subject.of("key:1").withTokensPerMinute(100)), USED);
        store.answer(new Noted.Unknown("away"));
        settlements.again();
        assertThat(store.settled).hasSize(1);
    }

    /// Billing has given it up long ago.
    @Test
    void chargeIsForgottenAfterTwoLeases() {
        settlements.settle(withBudget(), USED);
        store.answer(new Noted.Unknown("away"));
        now.addAndGet(Reservations.LEASE.multipliedBy(2).toNanos() + 1);
        settlements.again();
        assertThat(store.settled).hasSize(1);
        assertThat(settlements.flush(SHORT)).isTrue();
    }

    @Test
    void whoeverStopsKnowsWhetherTheStoreHasTakenNote() {
        settlements.settle(withBudget(), USED);
        assertThat(settlements.flush(SHORT)).isFalse();
        store.answer(new Noted.Done());
        assertThat(settlements.flush(SHORT)).isTrue();
    }
}
