// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import io.uplion.task.Attach;
import io.uplion.task.FromGateway;
import io.uplion.task.FromWorker;
import io.uplion.task.ReplyDesk.ReplyStream;
import io.vertx.core.internal.ContextInternal;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The gateway's end of one reply stream. What the worker says is carried to the event loop of the
/// client, at once where the caller is on it already.
final class AttemptStream implements ReplyStream {
    private final Attach attach;
    private final Consumer<FromGateway> worker;
    private final Waiter waiter;
    private final ContextInternal loop;
    private boolean ended;

    AttemptStream(Attach attach, Consumer<FromGateway> worker, Waiter waiter) {
        this.attach = attach;
        this.worker = worker;
        this.waiter = waiter;
        this.loop = waiter.loop();
    }

    String pool() {
        return attach.pool();
    }

    String workerName() {
        return attach.worker();
    }

    /// An answer is one piece or events, and ends when there was one: nothing a worker says may mix
    /// two answers, or end none.
    ///
    /// @param committed something was accepted already
    /// @param accounts the worker has said that it accounts for it
    /// @param whole it was an answer in one piece
    static boolean isInTurn(
            FromWorker message, boolean committed, boolean accounts, boolean whole) {
        return switch (message) {
            case FromWorker.Answer _, FromWorker.PoolTrouble _ -> !committed;
            case FromWorker.Event _ -> !whole;
            case FromWorker.Accounts() -> committed && !accounts;
            case FromWorker.End _ -> accounts;
            case FromWorker.Failed _ -> true;
        };
    }

    void open() {
        onLoop(() -> waiter.attached(this));
    }

    /// A fault, or no memory, while a worker was listened to: its client must not wait for ever,
    /// nor must the worker.
    private void onLoop(Runnable step) {
        loop.emit(
                _ -> {
                    try {
                        step.run();
                    } catch (Throwable fault) {
                        waiter.crashed(fault);
                        say(new FromGateway.Cancel(FromGateway.Cancel.Reason.SHUTTING_DOWN));
                    }
                });
    }

    void say(FromGateway message) {
        worker.accept(message);
    }

    /// To whoever has the grant, if anybody has.
    static void tell(@Nullable AttemptStream running, FromGateway message) {
        if (running != null) {
            running.say(message);
        }
    }

    @Override
    public void send(FromWorker message) {
        onLoop(() -> heard(message));
    }

    @Override
    public void whenTaken(Runnable then) {
        loop.emit(_ -> then.run());
    }

    private void heard(FromWorker message) {
        ended |= message instanceof FromWorker.End || message instanceof FromWorker.Failed;
        waiter.heard(this, message);
    }

    @Override
    public void close() {
        onLoop(this::closed);
    }

    private void closed() {
        if (!ended) {
            ended = true;
            waiter.lost(this);
        }
    }
}
