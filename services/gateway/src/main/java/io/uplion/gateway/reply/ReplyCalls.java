// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.reply;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.uplion.task.Attach;
import io.uplion.task.ReplyDesk;
import io.uplion.task.wire.Reading;
import io.uplion.task.wire.ReplyWire;
import io.uplion.task.wire.v1.GatewayMessage;
import io.uplion.task.wire.v1.WorkerMessage;

/// Opens a reply stream for each call that says whom it means.
final class ReplyCalls implements ServerCallHandler<WorkerMessage, GatewayMessage> {
    private final ReplyDesk desk;
    private final RefusedCalls refused = new RefusedCalls();

    ReplyCalls(ReplyDesk desk) {
        this.desk = desk;
    }

    @Override
    public ServerCall.Listener<WorkerMessage> startCall(
            ServerCall<WorkerMessage, GatewayMessage> call, Metadata headers) {
        return switch (ReplyWire.read(headers)) {
            case Reading.Read(Attach attach) -> {
                ReplyCall opened = new ReplyCall(call, refused);
                opened.open(desk, attach);
                yield opened;
            }
            case Reading.Malformed<Attach>(String why) -> {
                call.close(refused.malformed(call, why), new Metadata());
                yield new Nobody();
            }
        };
    }

    private static final class Nobody extends ServerCall.Listener<WorkerMessage> {}
}
