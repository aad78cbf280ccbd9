// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.reply;

import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.uplion.task.ReplyDesk;
import io.uplion.task.wire.ReplyWire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Where workers in other processes open reply streams, over gRPC.
public final class ReplyServer implements AutoCloseable {
    /// What stands around the bytes of an answer in its message.
    private static final int AROUND_AN_ANSWER = 64 << 10;

    private static final int MAX_HEADER_BYTES = 8 << 10;
    private static final int WINDOW_BYTES = 1 << 20;

    /// Workers ask less often; who asks more often than this is cut off.
    private static final Duration FASTEST_KEEP_ALIVE = Duration.ofSeconds(1);

    private static final Duration HANDSHAKE = Duration.ofSeconds(5);
    private static final Duration IDLE = Duration.ofMinutes(30);

    private final ReplyServerConfig config;
    private final Server server;

    private ReplyServer(ReplyServerConfig config, Server server) {
        this.config = config;
        this.server = server;
    }

    /// @param relay who is asked on each stream; must not block
    /// @throws UncheckedIOException if the port is taken
    public static ReplyServer start(ReplyServerConfig config, ReplyDesk relay) {
        ServerServiceDefinition service =
                ServerServiceDefinition.builder(ReplyWire.SERVICE)
                        .addMethod(ReplyWire.ATTACH, new ReplyCalls(relay))
                        .build();
        Server server = transport(config).directExecutor().addService(service).build();
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot listen for workers on " + config.host() + ":" + config.port(), e);
        }
        return new ReplyServer(config, server);
    }

    /// Plain text: in a cluster the mesh encrypts, and says who is at the other end. Credentials of
    /// our own would be given here.
    private static NettyServerBuilder transport(ReplyServerConfig config) {
        return NettyServerBuilder.forAddress(new InetSocketAddress(config.host(), config.port()))
                .withChildOption(ChannelOption.TCP_NODELAY, true)
                .maxInboundMessageSize(
                        (int)
                                Math.min(
                                        Integer.MAX_VALUE,
                                        (long) config.maxAnswerBytes() + AROUND_AN_ANSWER))
                .maxInboundMetadataSize(MAX_HEADER_BYTES)
                .flowControlWindow(WINDOW_BYTES)
                .handshakeTimeout(HANDSHAKE.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTime(config.keepAlive().toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(config.keepAliveTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveTime(FASTEST_KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveWithoutCalls(true)
                .maxConnectionIdle(IDLE.toMillis(), TimeUnit.MILLISECONDS);
    }

    public int port() {
        return server.getPort();
    }

    /// Takes no new streams, gives the running ones a moment to hear the last word, and cuts them.
    @Override
    public void close() {
        server.shutdown();
        try {
            if (!server.awaitTermination(config.drain().toMillis(), TimeUnit.MILLISECONDS)) {
                server.shutdownNow();
                server.awaitTermination(config.drain().toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException _) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
