// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.counters.reserve.Reserved.Held;
import io.uplion.counters.reserve.Reserved.Refused;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class InProcessReservationsTest extends ReservationsContract {
    private static final Duration LEASE = Reservations.LEASE;
    private static final Subject KEY = Subject.of("key:a");

    private final Map<Duration, Reservations> stores = new ConcurrentHashMap<>();

    /// Begins where the count overflows: it may do so at any time.
    private long now = Long.MAX_VALUE - 5;

    private final InProcessReservations timed = new InProcessReservations(() -> now);
    private final Asking asking = new Asking(timed, UUID.randomUUID());

    /// The clients of one process are one and the same; its lease can be renewed by another's.
    @Override
    protected Reservations client(Duration lease) {
        return stores.computeIfAbsent(
                lease, _ -> new InProcessReservations(System::nanoTime, lease, () -> 1));
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void aLeaseHoldsUntilItsLastMillisecond() {
        var limited = KEY.withTasksAtOnce(1);
        asking.held(0, limited);

        pass(LEASE.minusMillis(1));
        assertThat(asking.reserve(0, limited)).isInstanceOf(Refused.class);
        pass(Duration.ofMillis(1));
        assertThat(asking.reserve(0, limited)).isInstanceOf(Held.class);
    }

    @Test
    void tokensThatHaveDrainedAreNotGivenBack() {
        var limited = KEY.withTokensPerMinute(600);
        var slow = asking.held(300, limited);
        pass(Duration.ofSeconds(31));
        asking.held(600, limited);

        asking.settle(slow, 0);

        assertThat(asking.reserve(1, limited)).isInstanceOf(Refused.class);
    }

    @Test
    void tokensThatAreStillThereAreGivenBack() {
        var limited = KEY.withTokensPerMinute(600);
        var slow = asking.held(300, limited);
        asking.held(300, limited);
        pass(Duration.ofSeconds(40));

        asking.settle(slow, 0);

        assertThat(asking.reserve(600, limited)).isInstanceOf(Held.class);
        assertThat(asking.reserve(1, limited)).isInstanceOf(Refused.class);
    }

    @Test
    void aRetryAfterIsNoLongerThanNeeded() {
        var limited = KEY.withTokensPerMinute(700);
        asking.held(700, limited);
        var refused = (Refused) asking.reserve(13, limited);

        pass(refused.retryAfter().orElseThrow().minusMillis(1));
        assertThat(asking.reserve(13, limited)).isInstanceOf(Refused.class);
        pass(Duration.ofMillis(1));
        assertThat(asking.reserve(13, limited)).isInstanceOf(Held.class);
    }

    @Test
    void whatIsEmptyIsForgotten() {
        var limited = KEY.withTokensPerMinute(Subject.MOST_TOKENS);
        for (var i = 0; i < 50_000; i++) {
            var other = new Asking(timed, UUID.randomUUID());
            other.settle(other.held(1, limited), 1);
            pass(Duration.ofMillis(100));
        }
        assertThat(timed.size()).isLessThan(20_000);
    }

    @Test
    void whatIsNotEmptyIsKept() {
        var running = asking.held(0, KEY.withTasksAtOnce(1));
        for (var i = 0; i < 50_000; i++) {
            new Asking(timed, UUID.randomUUID()).held(1, KEY);
        }
        assertThat(asking.reserve(0, KEY.withTasksAtOnce(1))).isInstanceOf(Refused.class);
        asking.settle(running, 0);
        assertThat(asking.reserve(running)).isInstanceOf(Reserved.Over.class);
    }

    @Test
    void whatIsClosedDoesNotKnow() {
        var ask = asking.ask(1, KEY);
        timed.close();

        assertThat(asking.reserve(ask)).isInstanceOf(Reserved.Unknown.class);
        assertThat(asking.renew(ask)).isInstanceOf(Renewed.Unknown.class);
        assertThat(asking.settle(ask, 1)).isInstanceOf(Noted.Unknown.class);
    }
}
