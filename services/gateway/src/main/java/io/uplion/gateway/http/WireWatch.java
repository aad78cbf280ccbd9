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
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Map;

/// What the HTTP server does not tell of a connection: that bytes came which are no request yet.
/// And it refuses versions that are not HTTP/1, which the server would answer in its own way.
final class WireWatch {
    private WireWatch() {}

    /// Does nothing where the connection does not speak HTTP/1.
    ///
    /// @param begun bytes came that belong to no request yet; called on the connection's event loop
    static void install(HttpConnection connection, Runnable begun) {
        if (!(connection instanceof ConnectionBase base)) {
            return;
        }
        ChannelPipeline pipeline = base.channel().pipeline();
        for (Map.Entry<String, ChannelHandler> entry : pipeline) {
            if (entry.getValue() instanceof HttpRequestDecoder) {
                Bytes bytes = new Bytes(begun);
                pipeline.addBefore(entry.getKey(), null, bytes);
                pipeline.addAfter(entry.getKey(), null, new Messages(bytes));
                return;
            }
        }
    }

    /// The rest of a body is no beginning of anything, even where its request has been answered.
    private static final class Bytes extends ChannelInboundHandlerAdapter {
        private final Runnable begun;
        private boolean inBody;

        Bytes(Runnable begun) {
            this.begun = begun;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (!inBody) {
                begun.run();
            }
            context.fireChannelRead(message);
        }
    }

    private static final class Messages extends ChannelInboundHandlerAdapter {
        private final Bytes bytes;

        Messages(Bytes bytes) {
            this.bytes = bytes;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest request) {
                bytes.inBody = true;
                refuseUnknownVersion(request);
            }
            if (message instanceof LastHttpContent) {
                bytes.inBody = false;
            }
            context.fireChannelRead(message);
        }

        /// A request whose version nobody speaks is as malformed as one that cannot be parsed.
        private static void refuseUnknownVersion(HttpRequest request) {
            if (request.decoderResult().isSuccess() && !isKnown(request.protocolVersion())) {
                // The answer would come in the version that was asked for.
                request.setProtocolVersion(HttpVersion.HTTP_1_1);
                request.setDecoderResult(
                        DecoderResult.failure(new IllegalArgumentException("not HTTP/1")));
            }
        }

        /// The constants themselves: the server, too, knows no others.
        @SuppressWarnings("ReferenceEquality")
        private static boolean isKnown(HttpVersion version) {
            return version == HttpVersion.HTTP_1_1 || version == HttpVersion.HTTP_1_0;
        }
    }
}
