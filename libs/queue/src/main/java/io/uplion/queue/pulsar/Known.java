// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.pulsar;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;

/// What this process knows of the tasks that it was given.
///
/// A broker that restarts, or moves a topic, delivers everything again that it has not written down
/// as acknowledged: what a slot still runs, what rests here, what was acknowledged a moment ago.
/// And a publisher that was not told of a message's arrival sends the task again in another
/// message. Such a repetition goes no further than here.
final class Known {
    /// The broker writes acknowledgements down every few seconds.
    private static final int MAX_ENDED = 10_000;

    /// How often a repetition of a running task is sent around.
    private static final Duration WHILE_RUNNING = Duration.ofSeconds(1);

    private final ScheduledExecutorService timer;
    private final Map<UUID, Fate> fates = new HashMap<>();
    private final SequencedSet<UUID> ended = new LinkedHashSet<>();

    Known(ScheduledExecutorService timer) {
        this.timer = timer;
    }

    private sealed interface Fate {
        record Running() implements Fate {}

        /// @param until by [System#nanoTime]
        record Resting(MessageId message, long until, @Nullable ScheduledFuture<?> wake)
                implements Fate {}
    }

    /// A task in a message.
    ///
    /// @param handBack tells the broker to deliver the message again
    record Carried(UUID task, MessageId message, Runnable handBack) {}

    /// What is to be done with a message that arrives.
    enum Arrival {
        DELIVER,
        /// It was acknowledged before.
        ACKNOWLEDGE,
        /// It has been seen to: it will be handed back by itself.
        PASS_OVER
    }

    synchronized Arrival arrived(Carried carried) {
        if (ended.contains(carried.task())) {
            return Arrival.ACKNOWLEDGE;
        }
        switch (fates.get(carried.task())) {
            case Fate.Running _ -> {
                schedule(WHILE_RUNNING, carried.handBack());
                return Arrival.PASS_OVER;
            }
            case Fate.Resting(MessageId message, long until, _) when isFuture(until) -> {
                if (message.equals(carried.message())) {
                    rest(carried, until);
                } else {
                    schedule(left(until), carried.handBack());
                }
                return Arrival.PASS_OVER;
            }
            case Fate.Resting(MessageId message, _, ScheduledFuture<?> wake) -> {
                if (message.equals(carried.message())) {
                    cancel(wake);
                }
            }
            case null -> {}
        }
        fates.put(carried.task(), new Fate.Running());
        return Arrival.DELIVER;
    }

    synchronized void acknowledged(UUID task) {
        fates.remove(task);
        ended.add(task);
        if (ended.size() > MAX_ENDED) {
            ended.removeFirst();
        }
    }

    /// Keeps the task from everybody until its time has come: the message stays where it is,
    /// unacknowledged.
    synchronized void handedBack(Carried carried, Duration backoff) {
        rest(carried, System.nanoTime() + backoff.toNanos());
    }

    private void rest(Carried carried, long until) {
        if (fates.get(carried.task()) instanceof Fate.Resting(_, _, ScheduledFuture<?> wake)) {
            cancel(wake);
        }
        Optional<ScheduledFuture<?>> wake = schedule(left(until), () -> wake(carried, until));
        fates.put(carried.task(), new Fate.Resting(carried.message(), until, wake.orElse(null)));
    }

    private synchronized void wake(Carried carried, long until) {
        if (fates.get(carried.task()) instanceof Fate.Resting(_, long current, _)
                && current == until) {
            fates.remove(carried.task());
        }
        carried.handBack().run();
    }

    private static boolean isFuture(long until) {
        return until - System.nanoTime() > 0;
    }

    private static Duration left(long until) {
        return Duration.ofNanos(until - System.nanoTime());
    }

    private static void cancel(@Nullable ScheduledFuture<?> wake) {
        if (wake != null) {
            wake.cancel(false);
        }
    }

    private Optional<ScheduledFuture<?>> schedule(Duration after, Runnable action) {
        try {
            return Optional.of(timer.schedule(action, after.toNanos(), TimeUnit.NANOSECONDS));
        } catch (RejectedExecutionException e) {
            // Closed: the connection goes, and the broker delivers to others.
            return Optional.empty();
        }
    }
}
