// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.catalog.live.PoolStatus;
import io.uplion.worker.backend.Backend.Trouble;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PoolHealthTest {
    private final SettableClock clock = new SettableClock();
    private final Slots slots = new Slots();
    private final PoolHealth health = new PoolHealth(slots, clock);

    private static final class SettableClock extends Clock {
        private Instant now = Instant.parse("2026-01-02T03:04:05Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    /// Writes down what health does.
    private final class Slots implements PoolHealth.Switch {
        private final List<String> done = new ArrayList<>();
        private final List<Timer> timers = new ArrayList<>();

        private record Timer(Instant at, Runnable then) {}

        @Override
        public void openAll() {
            done.add("all");
        }

        @Override
        public void openOne() {
            done.add("one");
        }

        @Override
        public void closeIdle() {
            done.add("none");
        }

        @Override
        public void report(PoolStatus status) {
            done.add(status.state().id() + ":" + status.reason());
        }

        @Override
        public void after(Duration wait, Runnable then) {
            timers.add(new Timer(clock.now.plus(wait), then));
        }

        List<String> said() {
            var said = List.copyOf(done);
            done.clear();
            return said;
        }
    }

    private void pass(Duration time) {
        clock.now = clock.now.plus(time);
        for (var timer : List.copyOf(slots.timers)) {
            if (!timer.at().isAfter(clock.now)) {
                slots.timers.remove(timer);
                timer.then().run();
            }
        }
    }

    private Instant trouble(int status, String reason, Optional<Duration> retryAfter) {
        var trouble = new Trouble(status, reason, retryAfter, "the provider's words");
        var until = health.retryAt(trouble);
        health.rest(trouble, until);
        return until;
    }

    private Duration limited() {
        return Duration.between(clock.now, trouble(429, "RateLimited", Optional.empty()));
    }

    private static Optional<Duration> seconds(long seconds) {
        return Optional.of(Duration.ofSeconds(seconds));
    }

    @Test
    void wellPoolDoesNothing() {
        health.well();

        assertThat(slots.said()).isEmpty();
    }

    @Test
    void troubleClosesIdleSlotsAndSaysWhy() {
        trouble(401, "AuthenticationError", seconds(7));

        assertThat(slots.said()).containsExactly("none", "Failed:AuthenticationError");
        assertThat(slots.timers).hasSize(1);
    }

    @Test
    void limitIsNoFailureOfThePool() {
        trouble(429, "RateLimited", seconds(7));

        assertThat(slots.said()).containsExactly("none", "Running:RateLimited");
    }

    @Test
    void providersTimeIsKept() {
        var until = trouble(429, "RateLimited", seconds(7));

        assertThat(until).isEqualTo(clock.now.plusSeconds(7));
        slots.said();
        pass(Duration.ofMillis(6999));
        assertThat(slots.said()).isEmpty();
        pass(Duration.ofMillis(1));
        assertThat(slots.said()).containsExactly("one");
    }

    @Test
    void firstAnswerAfterTheRestOpensAll() {
        trouble(401, "AuthenticationError", seconds(7));
        pass(Duration.ofSeconds(7));
        slots.said();

        health.well();
        health.well();

        assertThat(slots.said()).containsExactly("Running:", "all");
    }

    @Test
    void answerToAnOlderQuestionDoesNotEndTheRest() {
        trouble(429, "RateLimited", seconds(7));
        slots.said();

        health.well();

        assertThat(slots.said()).isEmpty();
    }

    @Test
    void restsWithoutATimeGrowUpToFiveMinutes() {
        for (long expected : new long[] {1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300}) {
            var rest = limited();
            assertThat(rest).isEqualTo(Duration.ofSeconds(expected));
            pass(rest);
        }
    }

    @Test
    void recoveryForgetsTheGrowth() {
        pass(limited());
        pass(limited());
        health.well();

        assertThat(limited()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void troublesOfOneMomentAreOneRest() {
        for (int slot = 0; slot < 32; slot++) {
            assertThat(limited()).isEqualTo(Duration.ofSeconds(1));
        }
        pass(Duration.ofSeconds(1));

        assertThat(limited()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void longerTimeOfTheProviderHoldsAgainstShorterOnes() {
        var until = trouble(429, "RateLimited", seconds(60));

        assertThat(trouble(429, "RateLimited", seconds(2))).isEqualTo(until);
        assertThat(trouble(429, "RateLimited", Optional.empty())).isEqualTo(until);
        slots.said();
        pass(Duration.ofSeconds(59));
        assertThat(slots.said()).isEmpty();
        pass(Duration.ofSeconds(1));
        assertThat(slots.said()).isNotEmpty().containsOnly("one");
    }

    @Test
    void longerTimeLengthensTheRest() {
        trouble(429, "RateLimited", seconds(2));
        trouble(429, "RateLimited", seconds(60));
        slots.said();

        pass(Duration.ofSeconds(2));
        assertThat(slots.said()).isEmpty();
        pass(Duration.ofSeconds(58));
        assertThat(slots.said()).contains("one");
    }

    @Test
    void askingForTheTimeChangesNothing() {
        var trouble = new Trouble(429, "RateLimited", Optional.empty(), "");
        for (int i = 0; i < 5; i++) {
            assertThat(health.retryAt(trouble)).isEqualTo(clock.now.plusSeconds(1));
        }
        assertThat(slots.said()).isEmpty();
    }
}
