// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.reply;

import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.uplion.task.wire.ReplyWire;
import java.util.concurrent.TimeUnit;

/// A connection to one gateway, made when it is needed, and the number of streams on it. Guarded by
/// [Links].
final class Link {
    private static final int WINDOW_BYTES = 1 << 20;
    private static final int MAX_PORT = 65_535;

    private final String address;
    private final ManagedChannel channel;
    private int streams;
    private long idleSince;

    private Link(String address, ManagedChannel channel) {
        this.address = address;
        this.channel = channel;
    }

    /// @param address `host:port`, an IPv6 address in brackets
    /// @throws IllegalArgumentException if it is none
    static Link to(String address, GrpcReplyDeskConfig config) {
        int colon = address.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("no port in " + address);
        }
        int port = Integer.parseInt(address, colon + 1, address.length(), 10);
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("no such port in " + address);
        }
        String host = address.substring(0, colon).replaceAll("[\\[\\]]", "");
        return new Link(address, channel(host, port, config));
    }

    /// Loads, on a thread that may wait, what the first link would load on an event loop.
    static void rehearse(GrpcReplyDeskConfig config) {
        ManagedChannel channel = channel("127.0.0.1", 1, config);
        channel.newCall(ReplyWire.ATTACH, CallOptions.DEFAULT);
        channel.shutdownNow();
    }

    /// Plain text: in a cluster the mesh encrypts, and says who is at the other end. Credentials of
    /// our own would be given here.
    private static NettyChannelBuilder transport(String host, int port) {
        return NettyChannelBuilder.forAddress(host, port).usePlaintext();
    }

    private static ManagedChannel channel(String host, int port, GrpcReplyDeskConfig config) {
        return transport(host, port)
                .directExecutor()
                // What a stream has said may not be said again.
                .disableRetry()
                .disableServiceConfigLookUp()
                .proxyDetector(_ -> null)
                .withOption(ChannelOption.TCP_NODELAY, true)
                .withOption(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) config.keepAlive().toMillis())
                // The gateway bounds the bodies that it takes.
                .maxInboundMessageSize(Integer.MAX_VALUE)
                .flowControlWindow(WINDOW_BYTES)
                .neverIndexMetadataKey(ReplyWire.ATTACH_KEY)
                .keepAliveTime(config.keepAlive().toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(config.keepAliveTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveWithoutCalls(true)
                .build();
    }

    String address() {
        return address;
    }

    ManagedChannel channel() {
        return channel;
    }

    boolean isConnected() {
        return channel.getState(false) == ConnectivityState.READY;
    }

    boolean hasFailed() {
        return switch (channel.getState(false)) {
            case TRANSIENT_FAILURE, SHUTDOWN -> true;
            case IDLE, CONNECTING, READY -> false;
        };
    }

    void opened() {
        streams++;
    }

    void ended(long now) {
        streams--;
        idleSince = now;
    }

    boolean isIdle() {
        return streams == 0;
    }

    /// By [System#nanoTime]; says something where the link is idle.
    long idleSince() {
        return idleSince;
    }
}
