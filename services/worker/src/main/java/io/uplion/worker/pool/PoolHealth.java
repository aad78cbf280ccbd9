// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.pool;

import io.uplion.catalog.live.PoolStatus;
import io.uplion.catalog.live.PoolStatus.State;
import io.uplion.worker.backend.Backend.Trouble;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Rest after trouble: the pool closes its idle slots until the provider wants to be asked again,
/// then opens one as a probe; the first answer opens them all.
public final class PoolHealth {
    private static final Duration FIRST_REST = Duration.ofSeconds(1);
    private static final Duration LONGEST_REST = Duration.ofMinutes(5);
    private static final int MAX_DOUBLINGS = 9;

    private final Switch slots;
    private final Clock clock;
    private int troubles;
    private volatile PoolStatus status = PoolStatus.RUNNING;

    /// What health does to the pool.
    public interface Switch {
        void openAll();

        void openOne();

        void closeIdle();

        void report(PoolStatus status);

        void after(Duration wait, Runnable then);
    }

    public PoolHealth(Switch slots, Clock clock) {
        this.slots = slots;
        this.clock = clock;
    }

    /// Until when the pool would rest for this trouble. Asking changes nothing.
    public synchronized Instant retryAt(Trouble trouble) {
        Instant asked = clock.instant().plus(trouble.retryAfter().orElseGet(this::growingRest));
        // Answers to questions that were under way when the rest began do not make it longer by
        // doubling.
        Optional<Instant> known = status.retryAt().filter(_ -> rests());
        return known.filter(until -> trouble.retryAfter().isEmpty() || until.isAfter(asked))
                .orElse(asked);
    }

    private Duration growingRest() {
        Duration growing = FIRST_REST.multipliedBy(1L << Math.min(troubles, MAX_DOUBLINGS));
        return growing.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : growing;
    }

    private boolean rests() {
        return status.retryAt().map(until -> until.isAfter(clock.instant())).orElse(false);
    }

    public synchronized void rest(Trouble trouble, Instant until) {
        if (!rests()) {
            troubles++;
        }
        State state = trouble.status() == 429 ? State.RUNNING : State.FAILED;
        status =
                new PoolStatus(
                        state,
                        trouble.reason(),
                        trouble.message(),
                        trouble.status(),
                        Optional.of(until));
        slots.closeIdle();
        slots.report(status);
        slots.after(Duration.between(clock.instant(), until), this::rested);
    }

    /// Timers come a little early, and a rest may have grown meanwhile.
    private synchronized void rested() {
        if (status.isWell()) {
            return;
        }
        if (rests()) {
            Instant until = status.retryAt().orElseThrow();
            slots.after(Duration.between(clock.instant(), until), this::rested);
        } else {
            slots.openOne();
        }
    }

    /// The provider has answered. Said for every answer, so it costs next to nothing while all is
    /// well.
    public void well() {
        if (!status.isWell()) {
            recover();
        }
    }

    private synchronized void recover() {
        if (rests()) {
            // An answer to an older question; the trouble is newer.
            return;
        }
        troubles = 0;
        status = PoolStatus.RUNNING;
        slots.report(status);
        slots.openAll();
    }
}
