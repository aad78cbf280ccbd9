// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.uplion.gateway.answer.Answers;
import io.uplion.openai.OpenAiError;
import io.uplion.openai.SseFrames;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.impl.ConnectionBase;

/// The client's half of a task: what has been said to it, and what it has not taken yet. Lives on
/// the client's event loop.
public final class ClientAnswer {
    private static final CharSequence EVENT_STREAM =
            HttpHeaders.createOptimized(SseFrames.CONTENT_TYPE + "; charset=utf-8");
    private static final CharSequence NO_CACHE = HttpHeaders.createOptimized("no-cache");
    private static final CharSequence BUFFERING = HttpHeaders.createOptimized("x-accel-buffering");
    private static final CharSequence NO = HttpHeaders.createOptimized("no");
    private static final int SMALL_BYTES = 128 << 10;

    private final HttpServerResponse response;
    private final HttpConnection connection;
    private final HttpVersion version;
    private final Answers answers;
    private final Witness witness;
    private final AnswerRoom.Share room;
    private final Outgoing outgoing;
    private long expectedBytes;
    private long lastProgress;
    private long lastWrite;
    private Runnable whenTaken = () -> {};
    private boolean streaming;
    private boolean over;
    private boolean endAwaited;

    /// For one whose answer is counted elsewhere.
    ///
    /// @param witness learns what the client is told
    public ClientAnswer(HttpServerRequest request, Answers answers, Witness witness) {
        this(request, answers, witness, new AnswerRoom(Long.MAX_VALUE).share());
    }

    /// @param room for what the client does not take
    ClientAnswer(
            HttpServerRequest request, Answers answers, Witness witness, AnswerRoom.Share room) {
        long now = System.nanoTime();
        this.response = request.response();
        this.connection = request.connection();
        this.version = request.version();
        this.answers = answers;
        this.witness = witness;
        this.room = room;
        this.outgoing = new Outgoing(response, this::taken);
        this.lastProgress = now;
        this.lastWrite = now;
    }

    /// @param then called whenever the client has taken something
    void whenTaken(Runnable then) {
        whenTaken = then;
    }

    /// Whether response headers have been sent: an error must go into the stream from then on.
    public boolean isStreaming() {
        return streaming;
    }

    /// Whether the last word is on its way: nothing can be added to it.
    boolean hasEnded() {
        return response.ended() || outgoing.isEnding();
    }

    /// What it hears, or has heard, where it is told this.
    int statusOf(OpenAiError error) {
        return streaming ? 200 : error.status();
    }

    public boolean isOver() {
        return over;
    }

    /// Bytes that the client has not taken. While its end is awaited there is at least one.
    public long pendingBytes() {
        long pending = outgoing.pendingBytes();
        return endAwaited ? Math.max(1, pending) : pending;
    }

    /// @param bytes that are accepted from a worker and not written yet
    /// @return whether there is room for them, and for what the client has not taken
    boolean hasRoomFor(long bytes) {
        if (!room.hold(outgoing.pendingBytes() + bytes)) {
            return false;
        }
        expectedBytes = bytes;
        return true;
    }

    private void count() {
        room.hold(outgoing.pendingBytes() + expectedBytes);
    }

    public long lastProgress() {
        return lastProgress;
    }

    public long lastWrite() {
        return lastWrite;
    }

    private void beginStream() {
        if (streaming) {
            return;
        }
        streaming = true;
        response.putHeader(HttpHeaders.CONTENT_TYPE, EVENT_STREAM)
                .putHeader(HttpHeaders.CACHE_CONTROL, NO_CACHE)
                .putHeader(BUFFERING, NO);
        Answers.begin(response, connection, version);
    }

    /// A part of the answer.
    public void write(byte[] frame) {
        if (!over) {
            witness.frame(frame);
            send(frame);
        }
    }

    /// What is not of the answer.
    public void comment(byte[] line) {
        if (!over) {
            send(line);
        }
    }

    private void send(byte[] frame) {
        beginStream();
        if (outgoing.pendingBytes() == 0) {
            lastProgress = System.nanoTime();
        }
        lastWrite = System.nanoTime();
        expectedBytes = Math.max(0, expectedBytes - frame.length);
        outgoing.add(frame);
    }

    /// Without a copy; nobody writes into the bytes any more.
    private static Buffer wrapped(byte[] bytes) {
        return BufferInternal.buffer(Unpooled.wrappedBuffer(bytes));
    }

    private void taken() {
        lastProgress = System.nanoTime();
        count();
        whenTaken.run();
    }

    public void endStream() {
        if (!over) {
            over = true;
            awaitEnd();
            witness.streamed(() -> end(this::endEvents));
        }
    }

    private void endEvents() {
        outgoing.end(() -> response.end(Buffer.buffer(SseFrames.done())));
    }

    /// Somebody has to do something before the client may be told the end.
    private void awaitEnd() {
        endAwaited = true;
        lastProgress = System.nanoTime();
    }

    /// A fault in it may meet nobody else who would see to the client.
    private void end(Runnable lastWord) {
        endAwaited = false;
        if (response.closed() || response.ended()) {
            return;
        }
        try {
            lastWord.run();
        } catch (RuntimeException | Error fault) {
            cut();
            throw fault;
        }
    }

    /// An answer in one piece: in a stream that has begun it can only be the client's error, which
    /// came after the headers could wait no longer.
    public void whole(int status, String contentType, byte[] body) {
        if (over) {
            return;
        }
        if (status >= 400) {
            witness.refused(status, contentType, body);
        }
        if (streaming) {
            behindHeaders(status, body);
            return;
        }
        if (status >= 400) {
            tell(status, contentType, body);
            return;
        }
        over = true;
        awaitEnd();
        witness.whole(status, contentType, body, () -> end(() -> tell(status, contentType, body)));
    }

    private void tell(int status, String contentType, byte[] body) {
        over = true;
        response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, contentType);
        expectedBytes = 0;
        if (body.length <= SMALL_BYTES) {
            count();
            response.end(wrapped(body));
            return;
        }
        response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length));
        lastProgress = System.nanoTime();
        outgoing.add(body);
        outgoing.end(response::end);
    }

    /// The stream was begun to tell the client of its waiting; its status is sent already.
    private void behindHeaders(int status, byte[] body) {
        byte[] line = onOneLine(body);
        if (status < 400) {
            write(SseFrames.data(line));
            endStream();
        } else {
            breakOff(SseFrames.event("error", line));
        }
    }

    /// Inside JSON the end of a line can only be space between tokens.
    private static byte[] onOneLine(byte[] json) {
        byte[] line = json.clone();
        for (int i = 0; i < line.length; i++) {
            if (line[i] == '\n' || line[i] == '\r') {
                line[i] = ' ';
            }
        }
        return line;
    }

    /// An error: with its status where nothing was sent, else as an event and a broken connection.
    /// A clean end would pass for success in some clients.
    public void error(OpenAiError error) {
        if (over) {
            return;
        }
        witness.failed(error);
        expectedBytes = 0;
        count();
        if (!streaming) {
            over = true;
            answers.error(response, error);
            return;
        }
        answers.count(error);
        breakOff(error.toEvent());
    }

    private void breakOff(byte[] frame) {
        over = true;
        outgoing.end(() -> response.write(wrapped(frame)).onComplete(_ -> response.reset()));
    }

    /// The connection is gone.
    void gone() {
        witness.abandoned();
        expectedBytes = 0;
        outgoing.drop();
        count();
    }

    /// Cuts the connection without another word. An ended response cannot be reset, and an orderly
    /// close waits for what the client does not take; so this goes past the HTTP handlers, and the
    /// kernel throws away what it still holds, megabytes that it would offer for minutes.
    public void cut() {
        witness.abandoned();
        over = true;
        endAwaited = false;
        expectedBytes = 0;
        outgoing.cut();
        count();
        boolean alone = version != HttpVersion.HTTP_2;
        if (alone && connection instanceof ConnectionBase base) {
            base.channel().config().setOption(ChannelOption.SO_LINGER, 0);
            base.channel().pipeline().firstContext().close();
        } else if (response.ended()) {
            connection.close();
        } else {
            response.reset();
        }
    }
}
