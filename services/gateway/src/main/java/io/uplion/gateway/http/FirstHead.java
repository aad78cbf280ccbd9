// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.uplion.openai.ErrorCode;
import io.uplion.openai.OpenAiError;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Gives a new connection some time for the head of its first request. Until then there is no
/// connection as far as the HTTP server is concerned: it waits to learn which version is spoken.
final class FirstHead extends ChannelInboundHandlerAdapter {
    private final Duration patience;
    private @Nullable Future<?> timer;
    private boolean begun;

    FirstHead(Duration patience) {
        this.patience = patience;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        timer =
                context.executor()
                        .schedule(() -> late(context), patience.toMillis(), TimeUnit.MILLISECONDS);
        context.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        begun = true;
        context.fireChannelRead(bytes);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stop();
        context.fireChannelInactive();
    }

    /// The head has come.
    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        stop();
    }

    private void stop() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    /// Nobody is told who has not said anything, or could not read it.
    private void late(ChannelHandlerContext context) {
        if (begun && context.pipeline().get(SslHandler.class) == null) {
            BareAnswer.send(context, error());
        } else {
            context.close();
        }
    }

    static OpenAiError error() {
        return ErrorCode.REQUEST_TIMEOUT.error("The request's headers did not arrive in time.");
    }
}
