// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import io.uplion.catalog.Serving.Simulator;
import io.uplion.task.FromWorker.Failure;
import io.uplion.worker.backend.Backend.Call;
import io.uplion.worker.backend.Backend.Failed;
import io.uplion.worker.backend.Backend.Signal;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One request on its way, on one event loop.
final class SimulatedCall implements Call {
    private static final Logger LOG = LoggerFactory.getLogger(SimulatedCall.class);

    /// Chunks in one turn of the event loop.
    private static final int BURST = 64;

    private final Vertx vertx;
    private final Simulator settings;
    private final Consumer<Signal> signals;
    private @Nullable StreamClock clock;
    private @Nullable SteppedStream stream;
    private Runnable onCancel = () -> {};
    private boolean cancelled;

    SimulatedCall(Vertx vertx, Simulator settings, Consumer<Signal> signals) {
        this.vertx = vertx;
        this.settings = settings;
        this.signals = signals;
    }

    void onCancel(Runnable then) {
        onCancel = then;
    }

    void say(Reply reply) {
        if (cancelled) {
            return;
        }
        switch (reply) {
            case Reply.Streamed streamed -> stream(streamed);
            case Reply.Answered answered -> answered(answered);
            case Reply.Refused refused -> signal(refused.answer(), Duration.ZERO);
        }
    }

    /// A bug of ours; the task must not hang for it.
    void fail(Throwable bug) {
        if (cancelled) {
            return;
        }
        LOG.error("the simulator failed", bug);
        Failure failure = Failure.of(Failure.Kind.NONSENSE, "The simulator failed.");
        signal(new Failed(failure), Duration.ZERO);
    }

    @Override
    public void cancel() {
        cancelled = true;
        onCancel.run();
        if (clock != null) {
            clock.stop();
        }
        if (stream != null) {
            stream.stop();
        }
    }

    @Override
    public void pace(boolean hold) {
        if (clock != null) {
            clock.hold(hold);
        }
    }

    @Override
    public void release() {}

    private void stream(Reply.Streamed streamed) {
        SteppedStream steps = new SteppedStream(streamed.completion(), streamed.format(), signals);
        int choices = Math.max(1, streamed.completion().choices().size());
        stream = steps;
        start(settings.ttft(), settings.interToken(), Math.max(1, BURST / choices), steps);
    }

    /// It takes as long as its stream would.
    private void answered(Reply.Answered answered) {
        Duration speaking = settings.interToken().multipliedBy(answered.steps());
        signal(answered.answer(), settings.ttft().plus(speaking));
    }

    private void signal(Signal signal, Duration wait) {
        start(
                wait,
                Duration.ZERO,
                1,
                () -> {
                    signals.accept(signal);
                    return false;
                });
    }

    private void start(Duration first, Duration each, int burst, StreamClock.Steps steps) {
        StreamClock started = new StreamClock(vertx, first, each, burst);
        clock = started;
        started.start(steps);
    }
}
