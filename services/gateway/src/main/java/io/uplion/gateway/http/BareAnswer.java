// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.uplion.gateway.answer.RefusalLog;
import io.uplion.gateway.relay.ClientDoor;
import io.uplion.openai.ErrorCode;
import io.uplion.openai.OpenAiError;
import io.uplion.task.Task;
import io.vertx.core.VertxException;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Ends a connection whose request never became one, or broke. There is no request to answer, so
/// the answer is written below the HTTP encoder.
public final class BareAnswer {
    private final Consumer<OpenAiError> count;
    private final Cors cors;

    /// No answer of it is marked for browsers.
    ///
    /// @param count is told of every error that is answered
    public BareAnswer(Consumer<OpenAiError> count) {
        this(count, new Cors(List.of()));
    }

    /// @param cors marks the answers; a browser hides from its page what is not marked
    BareAnswer(Consumer<OpenAiError> count, Cors cors) {
        this.count = count;
        this.cors = cors;
    }

    /// A request broke in the middle of its body: the client has gone, or has not kept to HTTP
    /// there. Over HTTP/2 it has taken this one request back, and others on the connection go on.
    /// One that has been answered already gets no second answer.
    public void brokenBody(HttpServerRequest request, Throwable failure) {
        boolean gone = failure instanceof IOException || failure instanceof VertxException;
        if (!gone && !request.response().headWritten()) {
            send(request, ErrorCode.MALFORMED_HTTP.error("The body is not valid HTTP."));
        }
    }

    /// For a request of which at least the first headers were read.
    void send(HttpServerRequest request, OpenAiError error) {
        send(request.connection(), error, request.getHeader(HttpHeaders.ORIGIN));
    }

    /// For one of which nothing is known.
    void send(HttpConnection connection, OpenAiError error) {
        send(connection, error, null);
    }

    /// Closes without a word where the connection does not speak HTTP/1. Does nothing where the
    /// connection is being ended so already.
    private void send(HttpConnection connection, OpenAiError error, @Nullable String origin) {
        ChannelPipeline pipeline =
                connection instanceof ConnectionBase base ? base.channel().pipeline() : null;
        String decoder = pipeline == null ? null : name(pipeline, HttpRequestDecoder.class);
        String encoder = pipeline == null ? null : name(pipeline, HttpResponseEncoder.class);
        if (pipeline == null || decoder == null || encoder == null) {
            connection.close();
        } else if (LingeringClose.begin(pipeline, decoder)) {
            count.accept(error);
            String request = Task.requestId(ClientDoor.newId());
            RefusalLog.unread(request, error);
            // What says over TLS that nothing more follows would have to come before the end.
            boolean sayEnd = !connection.isSsl();
            pipeline.context(encoder)
                    .writeAndFlush(answer(error, request, cors.lines(origin)))
                    .addListener(
                            (ChannelFuture written) -> LingeringClose.answered(written, sayEnd));
        }
    }

    private static @Nullable String name(
            ChannelPipeline pipeline, Class<? extends ChannelHandler> type) {
        for (Map.Entry<String, ChannelHandler> entry : pipeline) {
            if (type.isInstance(entry.getValue())) {
                return entry.getKey();
            }
        }
        return null;
    }

    private static ByteBuf answer(OpenAiError error, String request, String marks) {
        byte[] body = error.toJson();
        String head =
                "HTTP/1.1 "
                        + error.status()
                        + " Refused\r\ncontent-type: application/json\r\nx-request-id: "
                        + request
                        + "\r\n"
                        + marks
                        + "connection: close\r\ncontent-length: "
                        + body.length
                        + "\r\n\r\n";
        return Unpooled.wrappedBuffer(head.getBytes(StandardCharsets.US_ASCII), body);
    }
}
