// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TcpConfig;
import io.vertx.core.spi.transport.Transport;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;

/// The machine's transport, with a watch on every accepted connection. There is no later place for
/// it: an HTTP server that also speaks HTTP/2 in clear text shows a connection only with its first
/// request, and who never finishes one would stay for ever.
public final class GuardedTransport implements Transport {
    private final Transport real;
    private final Duration patience;

    private GuardedTransport(Transport real, Duration patience) {
        this.real = real;
        this.patience = patience;
    }

    /// @param patience for the head of a connection's first request
    public static io.vertx.core.transport.Transport of(Duration patience) {
        io.vertx.core.transport.Transport best =
                io.vertx.core.transport.Transport.nativeTransport();
        boolean usable = best != null && best.available();
        return new Named(usable ? best : io.vertx.core.transport.Transport.NIO, patience);
    }

    private record Named(io.vertx.core.transport.Transport real, Duration patience)
            implements io.vertx.core.transport.Transport {
        @Override
        public String name() {
            return real.name();
        }

        @Override
        public boolean available() {
            return real.available();
        }

        @Override
        public Throwable unavailabilityCause() {
            return real.unavailabilityCause();
        }

        @Override
        public Transport implementation() {
            return new GuardedTransport(real.implementation(), patience);
        }
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        ChannelFactory<? extends ServerChannel> factory = real.serverChannelFactory(domainSocket);
        return () -> {
            ServerChannel server = factory.newChannel();
            server.pipeline().addLast(new Acceptor());
            return server;
        };
    }

    private final class Acceptor extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object accepted) {
            if (accepted instanceof Channel connection) {
                connection.pipeline().addLast(new FirstHead(patience));
            }
            context.fireChannelRead(accepted);
        }
    }

    @Override
    public boolean supportsDomainSockets() {
        return real.supportsDomainSockets();
    }

    @Override
    public boolean supportFileRegion() {
        return real.supportFileRegion();
    }

    @Override
    public boolean isAvailable() {
        return real.isAvailable();
    }

    @Override
    public Throwable unavailabilityCause() {
        return real.unavailabilityCause();
    }

    @Override
    public java.net.SocketAddress convert(SocketAddress address) {
        return real.convert(address);
    }

    @Override
    public SocketAddress convert(java.net.SocketAddress address) {
        return real.convert(address);
    }

    @Override
    public IoHandlerFactory ioHandlerFactory() {
        return real.ioHandlerFactory();
    }

    @Override
    public EventLoopGroup eventLoopGroup(
            int type, int threads, ThreadFactory factory, int ioRatio) {
        return real.eventLoopGroup(type, threads, factory, ioRatio);
    }

    @Override
    public DatagramChannel datagramChannel(InternetProtocolFamily family) {
        return real.datagramChannel(family);
    }

    @Override
    public ChannelFactory<? extends DatagramChannel> datagramChannelFactory() {
        return real.datagramChannelFactory();
    }

    @Override
    public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
        return real.channelFactory(domainSocket);
    }

    @Override
    public void configure(DatagramChannel channel, DatagramSocketOptions options) {
        real.configure(channel, options);
    }

    @Override
    public void configure(TcpConfig options, boolean domainSocket, Bootstrap bootstrap) {
        real.configure(options, domainSocket, bootstrap);
    }

    @Override
    public void configure(TcpConfig options, boolean domainSocket, ServerBootstrap bootstrap) {
        real.configure(options, domainSocket, bootstrap);
    }
}
