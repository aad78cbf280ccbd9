// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.wire;

import io.uplion.gateway.reply.ReplyServer;
import io.uplion.gateway.reply.ReplyServerConfig;
import io.uplion.task.ReplyDesk;
import io.uplion.task.Task;
import io.uplion.worker.reply.GrpcReplyDesk;
import io.uplion.worker.reply.GrpcReplyDeskConfig;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;

/// In two processes the same is said over gRPC.
class GrpcReplyDeskTest extends ReplyDeskContract {
    private final ReplyServer server =
            ReplyServer.start(ReplyServerConfig.at("127.0.0.1", 0), gateway);
    private final GrpcReplyDesk desk = GrpcReplyDesk.start(GrpcReplyDeskConfig.DEFAULT);

    @AfterEach
    void stop() {
        desk.close();
        server.close();
    }

    @Override
    ReplyDesk desk() {
        return desk;
    }

    @Override
    Task.Gateway self() {
        return new Task.Gateway("127.0.0.1:" + server.port(), new UUID(1, 1));
    }
}
