// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.reply;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.uplion.task.Attach;
import io.uplion.task.FromGateway;
import io.uplion.task.FromWorker;
import io.uplion.task.ReplyDesk;
import io.uplion.task.ReplyDesk.ReplyStream;
import io.uplion.task.wire.Reading;
import io.uplion.task.wire.ReplyWire;
import io.uplion.task.wire.v1.GatewayMessage;
import io.uplion.task.wire.v1.WorkerMessage;
import org.jspecify.annotations.Nullable;

/// One reply stream of a worker in another process. The network's thread brings what the worker
/// says, in order; the client's event loop brings what the gateway says. The lock is for the call,
/// which both write to.
final class ReplyCall extends ServerCall.Listener<WorkerMessage> {
    private final ServerCall<WorkerMessage, GatewayMessage> call;
    private final RefusedCalls refused;
    private final Intake intake = new Intake();
    private @Nullable ReplyStream stream;
    private boolean headersSent;
    private boolean ended;

    ReplyCall(ServerCall<WorkerMessage, GatewayMessage> call, RefusedCalls refused) {
        this.call = call;
        this.refused = refused;
    }

    /// Nothing is read before somebody is there to hear it.
    void open(ReplyDesk desk, Attach attach) {
        stream = desk.attach(attach, this::say);
        readOn();
    }

    private synchronized void say(FromGateway message) {
        if (ended) {
            return;
        }
        if (!headersSent) {
            headersSent = true;
            call.sendHeaders(new Metadata());
        }
        call.sendMessage(ReplyWire.write(message));
        if (message.isLast()) {
            end(Status.OK);
        }
    }

    /// Behind everything that was said.
    private synchronized void end(Status status) {
        if (!ended) {
            ended = true;
            call.close(status, new Metadata());
        }
    }

    private synchronized void readOn() {
        if (!ended) {
            call.request(1);
        }
    }

    private synchronized boolean isEnded() {
        return ended;
    }

    @Override
    public void onMessage(WorkerMessage message) {
        if (isEnded()) {
            return;
        }
        switch (ReplyWire.read(message)) {
            case Reading.Read(FromWorker said) -> hear(said, message.getSerializedSize());
            case Reading.Malformed<FromWorker>(String why) -> {
                end(refused.malformed(call, why));
                close();
            }
        }
    }

    private void hear(FromWorker said, int bytes) {
        ReplyStream listening = stream;
        if (listening == null) {
            return;
        }
        listening.send(said);
        int portion = intake.read(bytes);
        if (portion > 0) {
            listening.whenTaken(() -> taken(portion));
        }
        if (intake.mayRead()) {
            readOn();
        }
    }

    private void taken(int bytes) {
        if (intake.taken(bytes)) {
            readOn();
        }
    }

    @Override
    public void onHalfClose() {
        close();
        end(Status.OK);
    }

    /// The worker or the connection is gone.
    @Override
    public void onCancel() {
        over();
    }

    @Override
    public void onComplete() {
        over();
    }

    private void over() {
        synchronized (this) {
            ended = true;
        }
        close();
    }

    private void close() {
        ReplyStream listening = stream;
        stream = null;
        if (listening != null) {
            listening.close();
        }
    }
}
