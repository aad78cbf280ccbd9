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
import org.jspecify.annotations.Nullable;

/// What the HTTP server does not tell of a connection: that bytes came which are no request yet.
/// And it refuses versions that are not HTTP/1, which the server would answer in its own way.
final class WireWatch {
    private WireWatch() {}

    /// @param heads is told how many bytes came that belong to no request yet
    /// @return nothing where the connection does not speak HTTP/1
    static @Nullable WireBytes install(
            HttpConnection connection, WireBytes.Watcher watcher, UnfinishedHeads heads) {
        if (!(connection instanceof ConnectionBase base)) {
            return null;
        }
        ChannelPipeline pipeline = base.channel().pipeline();
        for (Map.Entry<String, ChannelHandler> entry : pipeline) {
            if (entry.getValue() instanceof HttpRequestDecoder decoder) {
                WireBytes bytes = new WireBytes(watcher, heads);
                bytes.watch(decoder);
                pipeline.addBefore(entry.getKey(), null, bytes);
                pipeline.addAfter(entry.getKey(), null, new Messages(bytes));
                return bytes;
            }
        }
        return null;
    }

    private static final class Messages extends ChannelInboundHandlerAdapter {
        private final WireBytes bytes;

        Messages(WireBytes bytes) {
            this.bytes = bytes;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            bytes.decoded(message);
            if (message instanceof HttpRequest request) {
                refuseUnknownVersion(request);
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
