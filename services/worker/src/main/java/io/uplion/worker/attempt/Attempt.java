// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.attempt;

import io.uplion.openai.RequestHead;
import io.uplion.openai.TokenUsage;
import io.uplion.queue.TaskQueue.Delivery;
import io.uplion.task.Claim;
import io.uplion.task.FromGateway;
import io.uplion.task.FromWorker;
import io.uplion.task.FromWorker.Failure;
import io.uplion.task.ReplyDesk.ReplyStream;
import io.uplion.task.Task;
import io.uplion.task.UsageRecord.Outcome;
import io.uplion.worker.backend.Backend;
import io.uplion.worker.backend.Backend.Signal;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One task in one slot. Everything happens on one event loop; the gateway's words are carried to
/// it.
public final class Attempt {
    private final Delivery delivery;
    private final Task task;
    private final SlotContext slot;
    private final ContextInternal loop;
    private final Consumer<Attempt> onEnd;
    private final AttemptClock clock;
    private final Prompt prompt;
    private final Wording wording;
    private final PoolTrouble trouble;
    private final Deque<FromGateway> early = new ArrayDeque<>();

    private @Nullable ReplyStream stream;
    private Backend.@Nullable Call call;
    private @Nullable Claim claim;
    private @Nullable Runnable onceCommitted;
    private boolean reporting;
    private boolean answered;
    private boolean over;
    private int status = 200;
    private TokenUsage used = TokenUsage.NONE;

    /// @param loop where the attempt lives: the loop that the task was delivered on
    public Attempt(
            Delivery delivery, SlotContext slot, ContextInternal loop, Consumer<Attempt> onEnd) {
        this.delivery = delivery;
        this.task = delivery.task();
        this.slot = slot;
        this.clock = new AttemptClock(slot, task.stream());
        this.prompt = new Prompt(task);
        this.wording = new Wording(task, prompt);
        this.trouble = new PoolTrouble(slot.health());
        this.loop = loop;
        this.onEnd = onEnd;
    }

    public void start() {
        guarded(this::attach);
    }

    private void attach() {
        ReplyStream opened = slot.outside().desk().attach(slot.attach(task), this::told);
        stream = opened;
        while (!early.isEmpty()) {
            heard(early.poll());
        }
    }

    /// The pool rests before the gateway goes on: it answers the client next, and whoever asks
    /// after that answer must find the pool resting.
    private void told(FromGateway message) {
        try {
            trouble.told(message);
        } finally {
            onLoop(() -> heard(message));
        }
    }

    private void onLoop(Runnable step) {
        loop.emit(_ -> guarded(step));
    }

    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (Throwable fault) {
            crashed(fault);
        }
    }

    /// A fault of ours or of a backend, or no memory: the attempt has failed as others do. Where
    /// not even that can be told, the gateway sees a lost worker, and the slot is free in any case.
    private void crashed(Throwable fault) {
        slot.crashed(task, fault);
        if (over) {
            return;
        }
        try {
            stopWork();
            if (!answered && stream != null) {
                failed(Failure.of(Failure.Kind.WORKER_LOST, "the worker met a fault of its own"));
                return;
            }
        } catch (Throwable again) {
            slot.crashed(task, again);
        }
        end(() -> delivery.later(SlotContext.SHORTEST_BACKOFF));
    }

    private void heard(FromGateway message) {
        if (over) {
            return;
        }
        if (stream == null) {
            early.add(message);
            return;
        }
        switch (message) {
            case FromGateway.Go(int _, byte[] kept) -> run(kept);
            case FromGateway.Committed(int _, Claim granted) -> committed(granted);
            case FromGateway.Later(Duration backoff) -> {
                stopWork();
                end(() -> delivery.later(backoff));
            }
            case FromGateway.Done(Optional<FromGateway.Letter> letter, boolean _) ->
                    letter.ifPresentOrElse(this::writeLetter, () -> stop(Outcome.BROKEN));
            case FromGateway.Cancel(FromGateway.Cancel.Reason reason) ->
                    stop(
                            reason == FromGateway.Cancel.Reason.SHUTTING_DOWN
                                    ? Outcome.BROKEN
                                    : Outcome.CANCELLED);
            case FromGateway.Pace(boolean hold) -> {
                clock.held(hold);
                if (call != null) {
                    call.pace(hold);
                }
            }
            case FromGateway.Lost _ -> lost();
        }
    }

    /// Nobody is there to speak to. An answer that was heard is accounted for; any other task waits
    /// for its gateway to come back into reach, as long as its client may wait.
    private void lost() {
        Instant now = slot.outside().clock().instant();
        if (claim != null || now.isAfter(task.startBy())) {
            stop(Outcome.BROKEN);
            return;
        }
        stopWork();
        end(() -> delivery.later(SlotContext.backoff(task, now)));
    }

    private void committed(Claim granted) {
        claim = granted;
        send(new FromWorker.Accounts());
        prompt.committed();
        if (onceCommitted != null) {
            onceCommitted.run();
        }
    }

    private void run(byte[] kept) {
        clock.granted();
        prompt.read(
                kept, loop, new Prompt.Reader(read -> guarded(() -> begin(read)), this::crashed));
    }

    private void begin(RequestHead.Result read) {
        if (over || answered) {
            return;
        }
        switch (read) {
            case RequestHead.Parsed(RequestHead parsed) ->
                    call =
                            slot.backend()
                                    .start(
                                            new Backend.Request(parsed, prompt.body()),
                                            signal -> guarded(() -> signal(signal)));
            case RequestHead.Refused refused ->
                    failed(Failure.of(Failure.Kind.NONSENSE, refused.error().message()));
        }
    }

    private void signal(Signal signal) {
        if (over || answered) {
            return;
        }
        clock.signal();
        switch (signal) {
            case Backend.Chunk chunk -> chunk(chunk);
            case Backend.Whole whole -> whole(whole);
            case Backend.Ended() -> ended();
            case Backend.Trouble refused -> troubled(refused);
            case Backend.Failed(Failure failure) -> failed(failure);
        }
    }

    private void chunk(Backend.Chunk chunk) {
        slot.health().well();
        wording.of(chunk)
                .ifPresent(
                        event -> {
                            clock.firstFrame();
                            send(event);
                        });
    }

    private void whole(Backend.Whole whole) {
        slot.health().well();
        clock.firstFrame();
        status = whole.status();
        send(wording.of(whole));
        if (whole.content().isPresent()) {
            finish();
        } else {
            // The client's error used nothing. It is acknowledged once the gateway has it: a stream
            // that breaks before must not leave a client waiting.
            answered = true;
            afterClaim(this::confirm);
        }
    }

    private void ended() {
        if (!clock.hasSpoken() && !prompt.wantsUsage()) {
            failed(Failure.of(Failure.Kind.NONSENSE, "the provider's answer was empty"));
            return;
        }
        wording.missingUsage().ifPresent(this::send);
        finish();
    }

    /// The answer is whole; its usage must be durable before its end is told.
    private void finish() {
        answered = true;
        report(Outcome.COMPLETED, this::confirm);
    }

    private void confirm() {
        send(new FromWorker.End(used));
        end(delivery::ack);
    }

    private void troubled(Backend.Trouble refused) {
        answered = true;
        send(trouble.report(refused));
    }

    /// Before the first frame the gateway decides what becomes of the task; after it the answer is
    /// broken.
    private void failed(Failure failure) {
        answered = true;
        if (!clock.hasSpoken()) {
            send(new FromWorker.Failed(failure));
            return;
        }
        report(
                Outcome.BROKEN,
                () -> {
                    send(new FromWorker.Failed(failure));
                    end(delivery::ack);
                });
    }

    /// Nobody waits any more. What a client has seen is accounted for.
    private void stop(Outcome outcome) {
        stopWork();
        answered = true;
        if (claim == null) {
            end(delivery::ack);
        } else {
            report(outcome, () -> end(delivery::ack));
        }
    }

    private void stopWork() {
        if (call != null) {
            call.cancel();
        }
    }

    /// The gateway's word on the first frame may still be on its way.
    private void afterClaim(Runnable then) {
        if (claim == null) {
            onceCommitted = then;
        } else {
            then.run();
        }
    }

    private void report(Outcome outcome, Runnable then) {
        Claim granted = claim;
        if (granted == null) {
            afterClaim(() -> report(outcome, then));
            return;
        }
        if (reporting) {
            // One record a task; whoever reported first also ends the attempt.
            return;
        }
        reporting = true;
        UsageMeter.Count count = wording.count(outcome == Outcome.COMPLETED);
        used = count.tokens();
        SlotContext.Ended ended =
                new SlotContext.Ended(granted, outcome, count, status, clock.timing());
        slot.report(ended)
                .whenComplete((_, failure) -> onLoop(() -> reported(outcome, failure, then)));
    }

    private void reported(Outcome outcome, @Nullable Throwable failure, Runnable then) {
        if (failure != null && outcome == Outcome.COMPLETED) {
            send(
                    new FromWorker.Failed(
                            Failure.of(
                                    Failure.Kind.USAGE_NOT_DURABLE,
                                    "its usage could not be stored")));
            end(delivery::ack);
            return;
        }
        then.run();
    }

    /// The task is forgotten once its letter is kept; without one it would be lost.
    private void writeLetter(FromGateway.Letter letter) {
        stopWork();
        answered = true;
        Runnable again = () -> end(() -> delivery.later(SlotContext.SHORTEST_BACKOFF));
        slot.write(task, letter)
                .whenComplete(
                        (_, failure) ->
                                onLoop(failure == null ? () -> stop(Outcome.BROKEN) : again));
    }

    private void send(FromWorker message) {
        if (stream != null) {
            stream.send(message);
        }
    }

    private void end(Runnable settle) {
        if (over) {
            return;
        }
        over = true;
        prompt.forget();
        if (call != null) {
            call.release();
        }
        try {
            if (stream != null) {
                stream.close();
            }
        } finally {
            onEnd.accept(this);
            settle.run();
        }
    }

    /// Called now and then from any thread.
    public void tick(long now) {
        onLoop(() -> checkTime(now));
    }

    private void checkTime(long now) {
        if (!over && !answered) {
            clock.overdue(now)
                    .ifPresent(
                            failure -> {
                                stopWork();
                                failed(failure);
                            });
        }
    }

    /// The worker stops before the task is done: the gateway hears of a lost worker.
    public void abandon() {
        onLoop(
                () -> {
                    if (claim == null) {
                        stopWork();
                        end(() -> delivery.later(Duration.ZERO));
                    } else {
                        stop(Outcome.BROKEN);
                    }
                });
    }
}
