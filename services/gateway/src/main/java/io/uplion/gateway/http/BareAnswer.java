// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.uplion.gateway.relay.ClientDoor;
import io.uplion.openai.ErrorCode;
import io.uplion.openai.OpenAiError;
import io.uplion.task.Task;
import io.vertx.core.VertxException;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Ends a connection whose request never became one, or broke. There is no request to answer, so
/// the answer is written below the HTTP encoder.
public final class BareAnswer {
    private final Consumer<OpenAiError> count;

    /// @param count is told of every error that is answered
    public BareAnswer(Consumer<OpenAiError> count) {
        this.count = count;
    }

    /// A request broke in the middle of its body: the client has gone, or has not kept to HTTP
    /// there. Over HTTP/2 it has taken this one request back, and others on the connection go on.
    public void brokenBody(HttpServerRequest request, Throwable failure) {
        boolean gone = failure instanceof IOException || failure instanceof VertxException;
        if (!gone) {
            send(
                    request.connection(),
                    ErrorCode.MALFORMED_HTTP.error("The body is not valid HTTP."));
        }
    }

    /// Closes without a word where the connection does not speak HTTP/1.
    public void send(HttpConnection connection, OpenAiError error) {
        ChannelHandlerContext encoder =
                connection instanceof ConnectionBase base ? encoder(base) : null;
        if (encoder == null) {
            connection.close();
        } else {
            count.accept(error);
            encoder.writeAndFlush(answer(error)).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private static @Nullable ChannelHandlerContext encoder(ConnectionBase connection) {
        ChannelPipeline pipeline = connection.channel().pipeline();
        for (Map.Entry<String, ChannelHandler> entry : pipeline) {
            if (entry.getValue() instanceof HttpResponseEncoder) {
                return pipeline.context(entry.getKey());
            }
        }
        return null;
    }

    private static ByteBuf answer(OpenAiError error) {
        byte[] body = error.toJson();
        String head =
                "HTTP/1.1 "
                        + error.status()
                        + " Refused\r\ncontent-type: application/json\r\nx-request-id: "
                        + Task.requestId(ClientDoor.newId())
                        + "\r\nconnection: close\r\ncontent-length: "
                        + body.length
                        + "\r\n\r\n";
        return Unpooled.wrappedBuffer(head.getBytes(StandardCharsets.US_ASCII), body);
    }
}
