// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.rate;

/// How full a bucket is: the generic cell rate algorithm in whole numbers, so that nothing is lost
/// or won by rounding.
///
/// One request weighs as many units as a minute has ticks; then a limit of `n` a minute drains `n`
/// units each tick. The algorithm's "theoretical arrival time" is `at + units / n`.
///
/// @param units how much is in it; never negative
/// @param at the tick this was true at
public record Level(long units, long at) {
    public static final Level EMPTY = new Level(0, 0);

    /// What is left in it now. A clock that went back drains nothing.
    public Level at(long now, long perMinute) {
        long elapsed = Math.max(0, now - at);
        return new Level(elapsed > units / perMinute ? 0 : units - elapsed * perMinute, now);
    }

    public Level plus(long more) {
        return new Level(Math.max(0, units + more), at);
    }

    /// How many ticks pass until no more than this is in it.
    public long ticksUntil(long most, long perMinute) {
        return units <= most ? 0 : Math.ceilDiv(units - most, perMinute);
    }
}
