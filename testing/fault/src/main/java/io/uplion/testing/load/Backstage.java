// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.load;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// What all clients of a load share.
///
/// @param connecting bounds how many connect at once: the kernel's queue of new connections is
///   short
/// @param headers that each sends
record Backstage(
        ScheduledExecutorService clock, Semaphore connecting, Map<String, String> headers) {

    Future<?> after(Duration delay, Runnable task) {
        return clock.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }
}
