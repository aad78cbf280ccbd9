// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// How long a task rests when it is handed back, for each reason.
final class Backoff {
    /// The worker that has just failed the task leaves it to another one for this long.
    static final Duration PREFER_OTHER = Duration.ofMillis(250);

    /// Another pool may take the task at once; this one is closing its slots meanwhile.
    static final Duration HANDED_BACK = Duration.ofMillis(20);

    /// The worker's pool does not serve the model, as far as this gateway knows: it may be a
    /// stranger, or new.
    static final Duration STRANGE_POOL = Duration.ofSeconds(1);

    /// The worker bounds an attempt itself; the gateway steps in this much later.
    static final Duration OVERDUE = Duration.ofSeconds(5);

    private static final long FAILED_MILLIS = 200;

    private Backoff() {}

    /// Jittered, so that tasks that failed together do not come again together.
    static Duration failed(int attempts) {
        long base = FAILED_MILLIS << Math.min(attempts - 1, 6);
        return Duration.ofMillis(base / 2 + ThreadLocalRandom.current().nextLong(base));
    }

    /// Another grant is live: 1 to 30 s, longer each time.
    static Duration granted(int attempts) {
        return Duration.ofSeconds(Math.min(30, 1L << Math.min(attempts, 5)));
    }
}
