// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.http;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// One timer for all bodies that an event loop reads: most are there at once, and a timer for each
/// costs more than reading it.
final class BodyClock {
    private final Set<BodyReader> reading = new HashSet<>();

    BodyClock(Vertx vertx, Duration pause) {
        vertx.setPeriodic(pause.toMillis(), _ -> List.copyOf(reading).forEach(BodyReader::check));
    }

    void begin(BodyReader reader) {
        reading.add(reader);
    }

    void end(BodyReader reader) {
        reading.remove(reader);
    }
}
