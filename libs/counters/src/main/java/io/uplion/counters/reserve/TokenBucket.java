// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

import io.uplion.counters.rate.Level;
import io.uplion.counters.rate.Standing;
import java.time.Duration;

/// Tokens a minute: a [Level] whose tick is a millisecond.
///
/// @param since the last tick at which it was known to be empty
record TokenBucket(Level level, long since) {
    /// What a token weighs.
    private static final long TOKEN = Duration.ofMinutes(1).toMillis();

    static final TokenBucket EMPTY = new TokenBucket(Level.EMPTY, 0);

    TokenBucket at(long now, long perMinute) {
        Level drained = level.at(now, perMinute);
        return new TokenBucket(drained, drained.units() == 0 ? now : since);
    }

    /// How many milliseconds pass until there is room for so many, or until it is empty.
    long wait(long tokens, long perMinute) {
        return level.ticksUntil(Math.max(0, perMinute - tokens) * TOKEN, perMinute);
    }

    TokenBucket plus(long tokens) {
        return new TokenBucket(level.plus(tokens * TOKEN), since);
    }

    /// Counts what was really used. What has drained away is not given back: after the bucket was
    /// empty once, nothing in it is of that task.
    TokenBucket corrected(long charged, long used, long chargedAt) {
        return used < charged && since > chargedAt ? this : plus(used - charged);
    }

    /// @param weight how many tokens stand in it for one
    Standing standing(String name, long perMinute, long weight) {
        long room = Math.max(0, perMinute * TOKEN - level.units());
        Duration reset = Duration.ofMillis(level.ticksUntil(0, perMinute));
        return new Standing(name, perMinute, room / TOKEN / weight, reset);
    }
}
