// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.counting;

import io.uplion.billing.intake.UsageSource;
import io.uplion.billing.intake.UsageSource.Mark;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Whether all usage that was published before something is billed. One mark serves all who ask in
/// the same round.
final class Drain {
    /// A mark that another process has taken does not pass: a newer one says the same of the older.
    private static final Duration AGAIN = Duration.ofSeconds(10);

    private final UsageSource source;
    private final LongSupplier nanoTime;
    private Optional<Mark> current = Optional.empty();
    private long lastSet;

    Drain(UsageSource source, LongSupplier nanoTime) {
        this.source = source;
        this.nanoTime = nanoTime;
    }

    void beginRound() {
        current = Optional.empty();
    }

    /// Throws where no mark can be set.
    Mark mark() {
        if (current.isEmpty()) {
            current = Optional.of(set());
        }
        return current.get();
    }

    private Mark set() {
        lastSet = nanoTime.getAsLong();
        return source.mark();
    }

    boolean isPassed(Mark mark) {
        if (source.isPassed(mark)) {
            return true;
        }
        if (nanoTime.getAsLong() - lastSet > AGAIN.toNanos()) {
            set();
        }
        return false;
    }
}
