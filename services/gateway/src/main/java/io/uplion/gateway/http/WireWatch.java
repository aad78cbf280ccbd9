// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.http;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Map;

/// What the HTTP server does not tell of a connection: that bytes came which are no request yet.
/// And it refuses versions that are not HTTP/1, which the server would answer in its own way.
final class WireWatch {
    private WireWatch() {}

    /// Does nothing where the connection does not speak HTTP/1.
    ///
    /// @param bytesCame called on the connection's event loop
    static void install(HttpConnection connection, Runnable bytesCame) {
        if (!(connection instanceof ConnectionBase base)) {
            return;
        }
        ChannelPipeline pipeline = base.channel().pipeline();
        for (Map.Entry<String, ChannelHandler> entry : pipeline) {
            if (entry.getValue() instanceof HttpRequestDecoder) {
                pipeline.addBefore(entry.getKey(), null, new Bytes(bytesCame));
                pipeline.addAfter(entry.getKey(), null, Versions.KNOWN);
                return;
            }
        }
    }

    private static final class Bytes extends ChannelInboundHandlerAdapter {
        private final Runnable came;

        Bytes(Runnable came) {
            this.came = came;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            came.run();
            context.fireChannelRead(message);
        }
    }

    /// A request whose version nobody speaks is as malformed as one that cannot be parsed.
    @ChannelHandler.Sharable
    private static final class Versions extends ChannelInboundHandlerAdapter {
        static final Versions KNOWN = new Versions();

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest request
                    && request.decoderResult().isSuccess()
                    && !isKnown(request.protocolVersion())) {
                // The answer would come in the version that was asked for.
                request.setProtocolVersion(HttpVersion.HTTP_1_1);
                request.setDecoderResult(
                        DecoderResult.failure(new IllegalArgumentException("not HTTP/1")));
            }
            context.fireChannelRead(message);
        }

        /// The constants themselves: the server, too, knows no others.
        @SuppressWarnings("ReferenceEquality")
        private static boolean isKnown(HttpVersion version) {
            return version == HttpVersion.HTTP_1_1 || version == HttpVersion.HTTP_1_0;
        }
    }
}
