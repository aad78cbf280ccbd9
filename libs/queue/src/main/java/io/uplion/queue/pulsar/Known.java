// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.pulsar;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;

/// What this process knows of the messages that it was given.
///
/// A broker that restarts, or moves a topic, delivers everything again that it has not written down
/// as acknowledged: what a slot still runs, what rests here, what was acknowledged a moment ago.
/// Such a repetition goes no further than here.
final class Known {
    /// The broker writes acknowledgements down every few seconds.
    private static final int MAX_ENDED = 10_000;

    /// How often a repetition of a running task is sent around.
    private static final Duration WHILE_RUNNING = Duration.ofSeconds(1);

    private final ScheduledExecutorService timer;
    private final Map<MessageId, Fate> fates = new HashMap<>();
    private final SequencedSet<MessageId> ended = new LinkedHashSet<>();

    Known(ScheduledExecutorService timer) {
        this.timer = timer;
    }

    private sealed interface Fate {
        record Running() implements Fate {}

        /// @param until by [System#nanoTime]
        record Resting(long until, @Nullable ScheduledFuture<?> wake) implements Fate {}
    }

    /// What is to be done with a message that arrives.
    enum Arrival {
        DELIVER,
        /// It was acknowledged before.
        ACKNOWLEDGE,
        /// It has been seen to: it will be handed back by itself.
        PASS_OVER
    }

    /// @param handBack tells the broker to deliver the message again
    synchronized Arrival arrived(MessageId id, Consumer<MessageId> handBack) {
        if (ended.contains(id)) {
            return Arrival.ACKNOWLEDGE;
        }
        switch (fates.get(id)) {
            case Fate.Running _ -> {
                schedule(WHILE_RUNNING, () -> handBack.accept(id));
                return Arrival.PASS_OVER;
            }
            case Fate.Resting(long until, _) when until - System.nanoTime() > 0 -> {
                rest(id, handBack, until);
                return Arrival.PASS_OVER;
            }
            case Fate.Resting(_, ScheduledFuture<?> wake) -> cancel(wake);
            case null -> {}
        }
        fates.put(id, new Fate.Running());
        return Arrival.DELIVER;
    }

    synchronized void acknowledged(MessageId id) {
        fates.remove(id);
        ended.add(id);
        if (ended.size() > MAX_ENDED) {
            ended.removeFirst();
        }
    }

    /// Keeps the message from everybody until its time has come: it stays where it is,
    /// unacknowledged.
    synchronized void handedBack(MessageId id, Consumer<MessageId> handBack, Duration backoff) {
        rest(id, handBack, System.nanoTime() + backoff.toNanos());
    }

    private void rest(MessageId id, Consumer<MessageId> handBack, long until) {
        if (fates.get(id) instanceof Fate.Resting(_, ScheduledFuture<?> wake)) {
            cancel(wake);
        }
        Duration left = Duration.ofNanos(until - System.nanoTime());
        Optional<ScheduledFuture<?>> wake = schedule(left, () -> wake(id, handBack, until));
        fates.put(id, new Fate.Resting(until, wake.orElse(null)));
    }

    private synchronized void wake(MessageId id, Consumer<MessageId> handBack, long until) {
        if (fates.get(id) instanceof Fate.Resting(long current, _) && current == until) {
            fates.remove(id);
            handBack.accept(id);
        }
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
