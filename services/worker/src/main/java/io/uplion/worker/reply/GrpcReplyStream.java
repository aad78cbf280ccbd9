// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.reply;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.uplion.task.Attach;
import io.uplion.task.FromGateway;
import io.uplion.task.FromWorker;
import io.uplion.task.ReplyDesk.ReplyStream;
import io.uplion.task.wire.Reading;
import io.uplion.task.wire.ReplyWire;
import io.uplion.task.wire.v1.GatewayMessage;
import io.uplion.task.wire.v1.WorkerMessage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One reply stream to a gateway in another process. The attempt's event loop brings what the
/// worker says; the network's thread brings the gateway's words, one after the other, and says when
/// it can take more. The lock is for the call, which both write to; the attempt is never called
/// under it.
final class GrpcReplyStream extends ClientCall.Listener<GatewayMessage> implements ReplyStream {
    private static final Logger LOG = LoggerFactory.getLogger(GrpcReplyStream.class);

    private final ClientCall<WorkerMessage, GatewayMessage> call;
    private final Outbox outbox;
    private final Consumer<FromGateway> attempt;
    private final Place place;

    /// A call that has not begun must not be cancelled: it would begin all the same, and nobody
    /// could end it any more. Time counts from then, too: a thread may be held up before.
    private volatile boolean started;

    private long startedAt;

    /// The worker has said everything.
    private boolean closed;

    /// Nothing can be said any more.
    private boolean over;

    // Of the network's thread.
    private volatile boolean connected;
    private volatile boolean heard;
    private boolean heardLast;

    /// Who is told how it goes.
    interface Place {
        void answered(GrpcReplyStream stream);

        void ended(GrpcReplyStream stream, Status status);
    }

    GrpcReplyStream(
            ClientCall<WorkerMessage, GatewayMessage> call,
            Outbox outbox,
            Consumer<FromGateway> attempt,
            Place place) {
        this.call = call;
        this.outbox = outbox;
        this.attempt = attempt;
        this.place = place;
    }

    void start(Attach attach) {
        call.start(this, ReplyWire.write(attach));
        call.request(Integer.MAX_VALUE);
        startedAt = System.nanoTime();
        started = true;
    }

    @Override
    public void send(FromWorker message) {
        WorkerMessage written = ReplyWire.write(message);
        boolean tooMuch;
        synchronized (this) {
            if (closed || over) {
                return;
            }
            outbox.add(written);
            pass();
            tooMuch = outbox.isTooFull();
            over |= tooMuch;
        }
        if (tooMuch) {
            cut("the gateway does not read what the worker says");
        }
    }

    /// The caller holds the lock.
    private void pass() {
        while (call.isReady()) {
            WorkerMessage next = outbox.poll();
            if (next == null) {
                break;
            }
            call.sendMessage(next);
        }
        if (closed && outbox.isEmpty()) {
            over = true;
            call.halfClose();
        }
    }

    @Override
    public synchronized void close() {
        if (!closed && !over) {
            closed = true;
            pass();
        }
    }

    @Override
    public void onReady() {
        connected = true;
        synchronized (this) {
            if (!over) {
                pass();
            }
        }
    }

    @Override
    public void onMessage(GatewayMessage message) {
        if (!heard) {
            heard = true;
            place.answered(this);
        }
        switch (ReplyWire.read(message)) {
            case Reading.Read(FromGateway said) -> {
                heardLast |= said.isLast();
                attempt.accept(said);
            }
            case Reading.Malformed<FromGateway>(String why) -> {
                LOG.atWarn().addKeyValue("why", why).log("a gateway's words made no sense");
                stop();
                cut("malformed: " + why);
            }
        }
    }

    private synchronized void stop() {
        over = true;
    }

    /// [#onClose] tells the attempt.
    private void cut(String why) {
        call.cancel(why, null);
    }

    void giveUpIfLate(GrpcReplyDeskConfig config, long now) {
        if (!started) {
            return;
        }
        long waited = now - startedAt;
        if (!connected && waited > config.connect().toNanos()) {
            stop();
            cut("no connection within " + config.connect().toMillis() + " ms");
        } else if (!heard && waited > config.answer().toNanos()) {
            stop();
            cut("no answer within " + config.answer().toMillis() + " ms");
        }
    }

    boolean isConnected() {
        return connected;
    }

    boolean hasHeard() {
        return heard;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        boolean silent;
        synchronized (this) {
            silent = closed || heardLast;
            over = true;
            outbox.clear();
        }
        place.ended(this, status);
        if (!silent) {
            LOG.atDebug().addKeyValue("status", status).log("a reply stream broke");
            attempt.accept(new FromGateway.Lost(heard));
        }
    }
}
