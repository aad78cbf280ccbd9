// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.wire;

import io.uplion.gateway.reply.ReplyServer;
import io.uplion.gateway.reply.ReplyServerConfig;
import io.uplion.task.FromGateway;
import io.uplion.task.FromWorker;
import io.uplion.task.ReplyDesk.ReplyStream;
import io.uplion.task.Task;
import io.uplion.testing.fault.FaultProxy;
import io.uplion.worker.reply.GrpcReplyDesk;
import io.uplion.worker.reply.GrpcReplyDeskConfig;
import java.util.UUID;

/// A gateway and a worker, and a line between them that a test can cut.
final class Line implements AutoCloseable {
    private final FakeGateway gateway = new FakeGateway();
    private final ReplyServer server;
    private final FaultProxy proxy;
    private final GrpcReplyDesk desk;
    private final Task.Gateway self;

    private Line(GrpcReplyDeskConfig config) {
        this.server = ReplyServer.start(ReplyServerConfig.at("127.0.0.1", 0), gateway);
        this.proxy = FaultProxy.before("127.0.0.1", server.port());
        this.desk = GrpcReplyDesk.start(config);
        this.self = new Task.Gateway(proxy.address(), UUID.randomUUID());
    }

    static Line open() {
        return open(GrpcReplyDeskConfig.DEFAULT);
    }

    static Line open(GrpcReplyDeskConfig config) {
        return new Line(config);
    }

    FakeGateway gateway() {
        return gateway;
    }

    FaultProxy proxy() {
        return proxy;
    }

    GrpcReplyDesk desk() {
        return desk;
    }

    Task.Gateway self() {
        return self;
    }

    ReplyServer server() {
        return server;
    }

    /// Both ends of a stream on which leave was given.
    Pair granted() {
        var ear = new Ear();
        var stream = desk.attach(gateway.waits(self), ear);
        var there = gateway.next().say(new FromGateway.Go(1, new byte[0]));
        ear.await(1);
        return new Pair(stream, ear, there);
    }

    record Pair(ReplyStream worker, Ear ear, FakeGateway.Stream gateway) {
        void send(FromWorker message) {
            worker.send(message);
        }
    }

    @Override
    public void close() {
        desk.close();
        proxy.close();
        server.close();
    }
}
