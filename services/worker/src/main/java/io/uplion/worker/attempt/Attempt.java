// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.attempt;

import io.uplion.openai.RequestHead;
import io.uplion.openai.SseFrames;
import io.uplion.openai.WholeAnswer;
import io.uplion.queue.TaskQueue.Delivery;
import io.uplion.task.Attach;
import io.uplion.task.Claim;
import io.uplion.task.FromGateway;
import io.uplion.task.FromWorker;
import io.uplion.task.FromWorker.Failure;
import io.uplion.task.ReplyDesk.ReplyStream;
import io.uplion.task.Task;
import io.uplion.task.UsageRecord;
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
    /// A task whose gateway cannot be reached comes again after half its age.
    private static final long SHORTEST_MILLIS = 1_000;

    private static final long LONGEST_MILLIS = 30_000;

    private final Delivery delivery;
    private final Task task;
    private final SlotContext slot;
    private final ContextInternal loop;
    private final Consumer<Attempt> onEnd;
    private final UsageMeter meter = new UsageMeter();
    private final AttemptClock clock;
    private final Deque<FromGateway> early = new ArrayDeque<>();

    private @Nullable ReplyStream stream;
    private Backend.@Nullable Call call;
    private @Nullable RequestHead head;
    private @Nullable Claim claim;
    private @Nullable Trouble trouble;
    private byte[] body = new byte[0];
    private @Nullable Runnable onceCommitted;
    private boolean reporting;
    private boolean answered;
    private boolean over;
    private int status = 200;

    private record Trouble(Backend.Trouble signal, Instant retryAt) {}

    /// @param loop where the attempt lives: the loop that the task was delivered on
    public Attempt(
            Delivery delivery, SlotContext slot, ContextInternal loop, Consumer<Attempt> onEnd) {
        this.delivery = delivery;
        this.task = delivery.task();
        this.slot = slot;
        this.clock = new AttemptClock(slot, task.stream());
        this.loop = loop;
        this.onEnd = onEnd;
    }

    public void start() {
        Attach attach =
                new Attach(
                        task.id(),
                        task.gateway(),
                        task.nonce(),
                        slot.manifest().name(),
                        slot.name());
        ReplyStream opened =
                slot.outside().desk().attach(attach, message -> loop.emit(_ -> heard(message)));
        stream = opened;
        while (!early.isEmpty()) {
            heard(early.poll());
        }
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
                rest();
                stopWork();
                end(() -> delivery.later(backoff));
            }
            case FromGateway.Done(Optional<FromGateway.Letter> letter, boolean blameless) -> {
                if (!blameless) {
                    rest();
                }
                letter.ifPresentOrElse(this::writeLetter, () -> stop(Outcome.BROKEN));
            }
            case FromGateway.Cancel(FromGateway.Cancel.Reason reason) ->
                    stop(
                            reason == FromGateway.Cancel.Reason.SHUTTING_DOWN
                                    ? Outcome.BROKEN
                                    : Outcome.CANCELLED);
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
        Duration age = Duration.between(task.acceptedAt(), now);
        long half = age.toMillis() / 2;
        Duration backoff = Duration.ofMillis(Math.clamp(half, SHORTEST_MILLIS, LONGEST_MILLIS));
        end(() -> delivery.later(backoff));
    }

    private void committed(Claim granted) {
        claim = granted;
        if (task.body() instanceof Task.Kept) {
            // Megabytes, and no other attempt will need them.
            meter.estimatePrompt(body);
            body = new byte[0];
        }
        if (onceCommitted != null) {
            onceCommitted.run();
        }
    }

    /// The trouble that was reported is the pool's, not the task's.
    private void rest() {
        if (trouble != null) {
            slot.health().rest(trouble.signal(), trouble.retryAt());
        }
    }

    private void run(byte[] kept) {
        clock.granted();
        body = task.body() instanceof Task.Inline(byte[] bytes) ? bytes : kept;
        switch (RequestHead.parse(task.endpoint(), body)) {
            case RequestHead.Parsed(RequestHead parsed) -> {
                head = parsed;
                call = slot.backend().start(new Backend.Request(parsed, body), this::signal);
            }
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
        meter.chunk(chunk.content());
        // A count that makes no sense is nobody's.
        boolean counted = wantsUsage() && chunk.content().usage().isPresent();
        if (chunk.content().isUsageOnly() && !counted) {
            return;
        }
        byte[] data = counted ? chunk.data() : chunk.content().withoutUsage(chunk.data());
        clock.firstFrame();
        send(new FromWorker.Event(SseFrames.data(data)));
    }

    private boolean wantsUsage() {
        return head != null && head.wantsUsage();
    }

    private void whole(Backend.Whole whole) {
        slot.health().well();
        clock.firstFrame();
        status = whole.status();
        whole.content().ifPresent(meter::whole);
        byte[] answer =
                whole.content()
                        .filter(WholeAnswer::isMiscounted)
                        .map(content -> recounted(content, whole.body()))
                        .orElse(whole.body());
        send(new FromWorker.Answer(whole.status(), whole.contentType(), answer));
        if (whole.content().isPresent()) {
            finish();
        } else {
            // The client's error used nothing. It is acknowledged once the gateway has it: a stream
            // that breaks before must not leave a client waiting.
            answered = true;
            afterClaim(this::confirm);
        }
    }

    private byte[] recounted(WholeAnswer content, byte[] answer) {
        return content.withUsage(answer, UsageMeter.object(meter.count(body, true).tokens()));
    }

    private void ended() {
        if (!clock.hasSpoken() && !wantsUsage()) {
            failed(Failure.of(Failure.Kind.NONSENSE, "the provider's answer was empty"));
            return;
        }
        if (wantsUsage() && !meter.isReported()) {
            UsageMeter.Count count = meter.count(body, true);
            byte[] usage = UsageMeter.chunk(task, count.tokens());
            send(new FromWorker.Event(SseFrames.data(usage)));
        }
        finish();
    }

    /// The answer is whole; its usage must be durable before its end is told.
    private void finish() {
        answered = true;
        report(Outcome.COMPLETED, this::confirm);
    }

    private void confirm() {
        send(new FromWorker.End());
        end(delivery::ack);
    }

    private void troubled(Backend.Trouble refused) {
        answered = true;
        Instant retryAt = slot.health().retryAt(refused);
        trouble = new Trouble(refused, retryAt);
        send(
                new FromWorker.PoolTrouble(
                        refused.status(), refused.reason(), retryAt, refused.message()));
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
        UsageMeter.Count count = meter.count(body, outcome == Outcome.COMPLETED);
        slot.metrics().tokens(count.tokens());
        UsageRecord usage =
                new UsageRecord(
                        granted,
                        outcome,
                        count.source(),
                        count.tokens(),
                        status,
                        slot.outside().clock().instant(),
                        clock.timing());
        slot.outside()
                .usage()
                .publish(usage)
                .whenComplete((_, failure) -> loop.emit(_ -> reported(outcome, failure, then)));
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
        slot.write(task, letter)
                .whenComplete((_, failure) -> loop.emit(_ -> letterWritten(failure)));
    }

    private void letterWritten(@Nullable Throwable failure) {
        if (failure == null) {
            stop(Outcome.BROKEN);
        } else {
            end(() -> delivery.later(Duration.ofMillis(SHORTEST_MILLIS)));
        }
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
        if (stream != null) {
            stream.close();
        }
        onEnd.accept(this);
        settle.run();
    }

    /// Called now and then from any thread.
    public void tick(long now) {
        loop.emit(_ -> checkTime(now));
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
        loop.emit(
                _ -> {
                    if (claim == null) {
                        stopWork();
                        end(() -> delivery.later(Duration.ZERO));
                    } else {
                        stop(Outcome.BROKEN);
                    }
                });
    }
}
