// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.live.PoolStatus;
import io.uplion.catalog.live.ServedModel;
import io.uplion.gateway.admission.Admission;
import io.uplion.gateway.metrics.GatewayMetrics;
import io.uplion.openai.ErrorCode;
import io.uplion.openai.OpenAiError;
import io.uplion.openai.TokenUsage;
import io.uplion.platform.identity.Subject;
import io.uplion.task.FromGateway;
import io.uplion.task.FromGateway.Cancel;
import io.uplion.task.FromWorker;
import io.uplion.task.FromWorker.Failure;
import io.uplion.task.Task;
import io.uplion.task.UsageRecord.Outcome;
import io.vertx.core.internal.ContextInternal;
import java.time.Instant;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One client that waits, and the one attempt that may speak to it. Everything here happens on the
/// client's event loop, so there are no locks; DESIGN.md has the states.
final class Waiter {
    private final WaitingRequest request;
    private final ClientAnswer client;
    private final Relay relay;
    private final WaitingWords words;
    private final ClientPace pace;
    private final FairShares.Share share;
    private final Patience patience;
    private final Attempts attempts;
    private final Settlement settlement;
    private final UnheardFrames unheard;

    private @Nullable AttemptStream granted;
    private FromWorker.@Nullable Answer held;

    private boolean committed;
    private boolean over;

    /// @param publish the task, whose turn has come; called on any thread
    Waiter(WaitingRequest request, ClientAnswer client, Relay relay, Consumer<Waiter> publish) {
        this.request = request;
        this.client = client;
        this.relay = relay;
        this.words = new WaitingWords(request, client, relay);
        this.pace =
                new ClientPace(
                        client,
                        relay.config().relay(),
                        hold -> AttemptStream.tell(granted, new FromGateway.Pace(hold)));
        this.share = relay.shares().of(task().model(), request.owner(), () -> publish.accept(this));
        this.patience = new Patience(request, relay.config());
        this.attempts = new Attempts(task());
        this.settlement = new Settlement(request, attempts, relay.lost());
        this.unheard = new UnheardFrames(this::tell);
    }

    /// Whether one of these has asked.
    boolean isOf(Set<Subject> subjects) {
        return !Collections.disjoint(request.principal().subjects(), subjects);
    }

    ContextInternal loop() {
        return request.loop();
    }

    Task task() {
        return request.task();
    }

    FairShares.Share share() {
        return share;
    }

    boolean isOver() {
        return over;
    }

    /// Nothing is left to be done or watched: the client has taken all, or is cut off.
    boolean isGone() {
        return over && client.pendingBytes() <= 0;
    }

    /// A worker asks for leave to run the task.
    void attached(AttemptStream stream) {
        relay.workers().seen(task().model(), stream.workerName());
        if (over) {
            stream.say(FromGateway.Done.FORGET);
        } else if (granted != null) {
            stream.say(new FromGateway.Later(Backoff.granted(attempts.count())));
        } else if (patience.isOver(System.nanoTime())) {
            fail(outOfPatience());
            stream.say(FromGateway.Done.FORGET);
        } else if (attempts.passesOver(stream, relay.workers())) {
            stream.say(new FromGateway.Later(Backoff.PREFER_OTHER));
        } else {
            request.pool(stream.pool(), relay.catalog())
                    .ifPresentOrElse(
                            pool -> grant(stream, pool),
                            () -> stream.say(new FromGateway.Later(Backoff.STRANGE_POOL)));
        }
    }

    private OpenAiError outOfPatience() {
        return attempts.inVain().orElseGet(() -> relay.refusal(patience, task().model()));
    }

    private void grant(AttemptStream stream, AIModel pool) {
        granted = stream;
        int number = attempts.granted(pool);
        share.granted();
        if (attempts.isFirst()) {
            relay.metrics().queueWait(task().model(), attempts.grantedAt() - request.acceptedAt());
        }
        stream.say(new FromGateway.Go(number, request.keptBody()));
    }

    /// The worker that holds the grant speaks; others have been fenced off.
    void heard(AttemptStream stream, FromWorker message) {
        if (over) {
            stream.say(FromGateway.Done.FORGET);
            return;
        }
        if (stream != granted) {
            stream.say(new FromGateway.Later(Backoff.granted(attempts.count())));
            return;
        }
        boolean inTurn =
                AttemptStream.isInTurn(message, committed, unheard.isReleased(), held != null);
        if (inTurn && !unheard.isFull()) {
            take(stream, message);
        } else {
            boolean broken = committed;
            failed(stream, Failure.of(Failure.Kind.NONSENSE, "the worker spoke out of turn"));
            if (broken) {
                stream.say(FromGateway.Done.FORGET);
            }
        }
    }

    private void take(AttemptStream stream, FromWorker message) {
        switch (message) {
            case FromWorker.Answer answer -> held = accepts(stream, answer.body()) ? answer : null;
            case FromWorker.Event(byte[] frame, long produced) -> {
                if (accepts(stream, frame)) {
                    settlement.produced(produced);
                    unheard.add(frame);
                }
            }
            case FromWorker.Accounts() -> unheard.release();
            case FromWorker.End(TokenUsage used) -> complete(used);
            case FromWorker.Failed(Failure failure) -> failed(stream, failure);
            case FromWorker.PoolTrouble trouble -> troubled(stream, trouble);
        }
    }

    /// Where there is no room the client is told to come again, and pays for nothing.
    private boolean accepts(AttemptStream stream, byte[] said) {
        if (client.hasRoomFor(unheard.bytes() + said.length)) {
            commit(stream);
            return true;
        }
        giveUp(FailureAnswer.noRoom());
        return false;
    }

    private void commit(AttemptStream stream) {
        if (committed) {
            return;
        }
        committed = true;
        request.committed();
        relay.pools().answered(stream.pool(), attempts.grantedAt());
        relay.metrics().firstToken(task().model(), System.nanoTime() - request.acceptedAt());
        int number = attempts.count();
        stream.say(new FromGateway.Committed(number, request.claim(number, attempts.pool())));
    }

    private void tell(byte[] frame) {
        client.write(frame);
        if (pace.wrote(frame.length)) {
            cutSlowClient();
        }
    }

    private void complete(TokenUsage used) {
        settlement.whole(used);
        FromWorker.Answer answer = held;
        if (answer == null) {
            end("completed", 200, "");
            client.endStream();
            return;
        }
        if (answer.status() < 400) {
            end("completed", answer.status(), "");
        } else {
            relay.metrics().error(GatewayMetrics.REFUSED_BY_PROVIDER);
            end("error", answer.status(), GatewayMetrics.REFUSED_BY_PROVIDER);
        }
        client.whole(answer.status(), answer.contentType(), answer.body());
    }

    /// The worker has vanished without an end.
    void lost(AttemptStream stream) {
        if (!over && stream == granted) {
            failed(stream, Failure.of(Failure.Kind.WORKER_LOST, "the worker was lost"));
        }
    }

    private void failed(AttemptStream stream, Failure failure) {
        granted = null;
        attempts.failed(stream, failure, committed);
        if (committed) {
            fail(FailureAnswer.broken(failure, held != null));
            return;
        }
        if (attempts.count() < relay.config().relay().attempts()) {
            share.waitsAgain();
            stream.say(new FromGateway.Later(Backoff.failed(attempts.count())));
            return;
        }
        FromGateway.Letter letter = request.letter(failure.message());
        relay.letters().owe(task(), letter, System.nanoTime());
        fail(FailureAnswer.exhausted(task(), failure, attempts.count()));
        stream.say(new FromGateway.Done(Optional.of(letter), false));
    }

    /// The pool, not the task: another pool may take it, uncounted, unless none can.
    private void troubled(AttemptStream stream, FromWorker.PoolTrouble trouble) {
        granted = null;
        boolean blameless = attempts.handedBack(trouble.reason());
        if (!blameless) {
            relay.pools().troubled(stream.pool(), Relay.status(trouble));
        }
        Optional<PoolStatus> outage = relay.outageWithout(task(), stream.pool(), trouble);
        if (!blameless && outage.isEmpty()) {
            share.waitsAgain();
            stream.say(new FromGateway.Later(Backoff.HANDED_BACK));
            return;
        }
        PoolStatus status = outage.orElseGet(() -> Relay.status(trouble));
        // First the worker, whose pool rests from now on: a client that asks again at once must not
        // find it open.
        stream.say(new FromGateway.Done(Optional.empty(), blameless));
        fail(Admission.outage(task().model(), status, relay.clock().instant()));
    }

    /// The connection is gone before the end.
    void clientGone() {
        cancel(Cancel.Reason.CLIENT_GONE, null);
    }

    private void cutSlowClient() {
        cancel(Cancel.Reason.CLIENT_TOO_SLOW, null);
        client.cut();
    }

    /// A fault of ours. The client is told, if it still can be; else its connection says it.
    void crashed(Throwable fault) {
        RequestLog.crashed(request, fault);
        AttemptStream running = granted;
        boolean told = !over;
        try {
            fail(ErrorCode.INTERNAL.error("The server met a fault of its own."));
        } catch (Throwable again) {
            RequestLog.crashed(request, again);
            told = false;
        }
        if (!told && !client.hasEnded()) {
            client.cut();
        }
        AttemptStream.tell(running, new Cancel(Cancel.Reason.SHUTTING_DOWN));
    }

    /// @param told to the client, if it is still there
    private void cancel(Cancel.Reason reason, @Nullable OpenAiError told) {
        if (over) {
            return;
        }
        AttemptStream running = granted;
        attempts.because(reason.name().toLowerCase(Locale.ROOT));
        if (told == null) {
            end("cancelled", 0, "");
        } else {
            end("cancelled", client.statusOf(told), told.code().code());
            client.error(told);
        }
        AttemptStream.tell(running, new Cancel(reason));
    }

    /// Whoever asked may not any more; what was produced is paid for.
    void revoked() {
        cancel(Cancel.Reason.KEY_REVOKED, FailureAnswer.revoked());
    }

    /// The gateway cannot go on with it, by no fault of the client's: it stops, or what was held
    /// for the task is held no more.
    void giveUp(OpenAiError told) {
        AttemptStream running = granted;
        fail(told);
        AttemptStream.tell(running, new Cancel(Cancel.Reason.SHUTTING_DOWN));
    }

    void fail(OpenAiError error) {
        if (over) {
            return;
        }
        end(committed ? "broken" : "error", client.statusOf(error), error.code().code());
        client.error(error);
    }

    /// Before the last word is said: over HTTP/2 the client's stream is closed by it, and that
    /// close must not be taken for a client that has left.
    ///
    /// @param status what the client hears, 0 where it has left
    /// @param code of the error that it hears, empty where none
    private void end(String outcome, int status, String code) {
        over = true;
        granted = null;
        share.end();
        relay.queue().withdraw(task());
        request.releaseBody();
        settle(outcome);
        relay.ended(this);
        long nanos = System.nanoTime() - request.acceptedAt();
        RequestLog.ended(request, new RequestLog.End(outcome, status, code, attempts), nanos);
        relay.metrics().request(task().model(), task().endpoint(), outcome, nanos);
    }

    private void settle(String outcome) {
        if (!committed) {
            settlement.notBegun();
        } else if (outcome.equals("cancelled")) {
            settlement.begun(Outcome.CANCELLED);
        } else if (outcome.equals("broken")) {
            settlement.begun(Outcome.BROKEN);
        }
    }

    /// Called a few times a second.
    void tick(long now) {
        boolean stuck = pace.isStuck(now, !over);
        if (over) {
            if (stuck) {
                client.cut();
            }
            return;
        }
        if (stuck) {
            cutSlowClient();
        } else if (granted == null) {
            waits(now);
        } else {
            runs(now, granted);
        }
        if (!over) {
            words.say(now, granted == null, share);
        }
    }

    private void waits(long now) {
        ServedModel model = relay.catalog().find(task().model());
        if (model == null || !request.isStill(model)) {
            fail(FailureAnswer.removed(task().model()));
            return;
        }
        Instant instant = relay.clock().instant();
        Optional<PoolStatus> outage = model.outage(task().endpoint(), instant);
        if (outage.isPresent() && patience.endsBefore(outage.get(), now, instant)) {
            attempts.because(outage.get().reason());
            fail(Admission.outage(task().model(), outage.get(), instant));
        } else if (patience.isOver(now)) {
            fail(outOfPatience());
        }
    }

    private void runs(long now, AttemptStream stream) {
        Optional<Failure> overdue =
                attempts.overdue(WaitingRequest.bounds(attempts.pool()), now, committed);
        if (overdue.isPresent()) {
            boolean broken = committed;
            failed(stream, overdue.get());
            if (broken) {
                stream.say(FromGateway.Done.FORGET);
            }
        }
    }
}
