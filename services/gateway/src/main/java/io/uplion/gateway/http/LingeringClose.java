// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/// Closes a connection on which the client may still be sending when it gets its last answer. A
/// kernel resets a connection that is closed with bytes nobody has read, and the client's kernel
/// then throws the answer away before the client has looked for it. So what still comes is taken
/// and thrown away until the client closes its side, for a bounded time.
final class LingeringClose extends ChannelDuplexHandler {
    private static final long PATIENCE_MILLIS = 2000;

    private LingeringClose() {}

    /// From now on nothing that comes is looked at, and nobody else closes the connection.
    ///
    /// @param decoder the handler in front of which bytes are taken away
    /// @return false where it has begun before: the last answer is on its way
    static boolean begin(ChannelPipeline pipeline, String decoder) {
        if (pipeline.get(LingeringClose.class) != null) {
            return false;
        }
        pipeline.addBefore(decoder, null, new LingeringClose());
        pipeline.channel().config().setAutoRead(true);
        return true;
    }

    /// The last answer has been written, or could not be.
    ///
    /// @param sayEnd where the transport can say by itself that nothing more follows
    static void answered(ChannelFuture written, boolean sayEnd) {
        ChannelHandlerContext context = written.channel().pipeline().context(LingeringClose.class);
        if (context == null) {
            return;
        }
        if (!written.isSuccess()) {
            context.close();
            return;
        }
        if (sayEnd && context.channel() instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        }
        context.executor().schedule(() -> context.close(), PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        ReferenceCountUtil.release(bytes);
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        context.channel().closeFuture().addListener(_ -> promise.trySuccess());
    }
}
