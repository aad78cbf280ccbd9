// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.invariant;

import io.uplion.testing.load.Observation;
import java.time.Duration;
import java.util.function.Predicate;

/// What a fault allows. Everything else is forbidden.
///
/// @param mayBreak requests whose connection may break without a word: their gateway was killed
/// @param stopWithin how long after a request's end its provider may still work on it
/// @param stopAfterBreak the same for requests that may break
/// @param numbered answers consist of the fake provider's numbered tokens
/// @param exclusive nobody but the load used the platform
public record Rules(
        Predicate<Observation> mayBreak,
        Duration stopWithin,
        Duration stopAfterBreak,
        boolean numbered,
        boolean exclusive) {

    /// No connection may break; work stops within two seconds, within five where a gateway died.
    public static final Rules STRICT =
            new Rules(_ -> false, Duration.ofSeconds(2), Duration.ofSeconds(5), true, true);

    public Rules mayBreak(Predicate<Observation> requests) {
        return new Rules(requests, stopWithin, stopAfterBreak, numbered, exclusive);
    }

    public Rules stopWithin(Duration limit) {
        return new Rules(mayBreak, limit, stopAfterBreak, numbered, exclusive);
    }

    public Rules stopAfterBreak(Duration limit) {
        return new Rules(mayBreak, stopWithin, limit, numbered, exclusive);
    }

    /// Answers are any text.
    public Rules anyText() {
        return new Rules(mayBreak, stopWithin, stopAfterBreak, false, exclusive);
    }

    /// Others used the platform too.
    public Rules besideOthers() {
        return new Rules(mayBreak, stopWithin, stopAfterBreak, numbered, false);
    }

    Duration stopWithin(Observation request) {
        return mayBreak.test(request) ? stopAfterBreak : stopWithin;
    }
}
