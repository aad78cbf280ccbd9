// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.http;

import io.uplion.openai.ErrorCode;
import io.uplion.openai.OpenAiError;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads one request's body: bounded in size, in time, and in the memory that all bodies share.
///
/// What is held is charged to that memory, and not what came. The array that a growing body leaves
/// is not: each event loop copies one at a time.
///
/// A body that says it is too large is refused at once: nothing of it could change that. One that
/// turns out to be is read to its end and thrown away, up to a bound, before the error goes out:
/// most clients look for an answer only after they have sent everything.
final class BodyReader {
    private static final int LEAST_BYTES = 1 << 10;
    private static final int FIRST_BYTES = 64 << 10;
    private static final int DISCARD_FACTOR = 2;
    private static final int LEAST_BYTES_PER_SECOND = 256;

    private final HttpServerRequest request;
    private final Bounds bounds;
    private final Consumer<Result> done;
    private byte[] bytes = new byte[0];
    private int length;
    private long announced;
    private long taken;
    private long discarded;
    private @Nullable OpenAiError refusal;
    private boolean finished;
    private long lastLength;

    /// @param pause how often the clock looks: a body that gained too little since is cut off
    record Bounds(
            BodyClock clock, BodyMemory memory, BareAnswer bare, long maxBytes, Duration pause) {}

    sealed interface Result {}

    /// @param release gives the memory back when the body is no longer needed; once, however often
    ///   it is called
    record Body(byte[] bytes, Runnable release) implements Result {}

    record NoBody(OpenAiError error) implements Result {}

    private BodyReader(HttpServerRequest request, Bounds bounds, Consumer<Result> done) {
        this.request = request;
        this.bounds = bounds;
        this.done = done;
    }

    /// Calls back once, on the request's event loop; never when the client leaves before the end.
    static void read(HttpServerRequest request, Bounds bounds, Consumer<Result> done) {
        new BodyReader(request, bounds, done).start();
    }

    private void start() {
        announced = announced(request);
        if (announced > bounds.maxBytes()) {
            finish(new NoBody(tooLarge()));
            return;
        }
        if (expectsLeave()) {
            request.response().writeContinue();
        }
        request.exceptionHandler(this::broken);
        request.handler(this::piece);
        request.endHandler(_ -> end());
        lastLength = -leastProgress();
        bounds.clock().begin(this);
    }

    /// The client waits with its body until it is told that somebody wants it.
    private boolean expectsLeave() {
        return "100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT));
    }

    private static long announced(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private void piece(Buffer piece) {
        if (finished) {
            return;
        }
        if (refusal == null) {
            refusal = append(piece);
        }
        if (refusal != null) {
            forget();
            discarded += piece.length();
            if (discarded > DISCARD_FACTOR * bounds.maxBytes()) {
                finish(new NoBody(refusal));
            }
        }
    }

    private @Nullable OpenAiError append(Buffer piece) {
        int needed = length + piece.length();
        if (needed > bounds.maxBytes()) {
            return tooLarge();
        }
        if (needed > bytes.length && !grow(Math.max(needed, roomier()))) {
            return ErrorCode.OVERLOADED
                    .error("Too many large requests are under way; try again shortly.")
                    .retryAfter(Duration.ofSeconds(1));
        }
        piece.getBytes(bytes, length);
        length = needed;
        return null;
    }

    /// Doubled, so that nobody holds more than twice what was sent; and no larger than the whole.
    private int roomier() {
        long whole = announced > 0 ? announced : bounds.maxBytes();
        long least = announced > 0 ? FIRST_BYTES : LEAST_BYTES;
        return (int) Math.min(Math.max(2L * bytes.length, least), whole);
    }

    private boolean grow(int capacity) {
        if (!bounds.memory().take(capacity - taken)) {
            return false;
        }
        taken = capacity;
        bytes = Arrays.copyOf(bytes, capacity);
        return true;
    }

    private byte[] whole() {
        if (length < bytes.length) {
            bytes = Arrays.copyOf(bytes, length);
            bounds.memory().giveBack(taken - length);
            taken = length;
        }
        return bytes;
    }

    private OpenAiError tooLarge() {
        return ErrorCode.BODY_TOO_LARGE.error(
                "The body is larger than the limit of " + bounds.maxBytes() + " bytes.");
    }

    /// Called at each beat of the clock.
    void check() {
        long now = length + discarded;
        // A few bytes now and then are no progress: they would hold the connection for hours.
        if (now - lastLength < leastProgress()) {
            // What was wrong with it before it stopped is what its sender has to know.
            finish(new NoBody(refusal == null ? stopped() : refusal));
        }
        lastLength = now;
    }

    private static OpenAiError stopped() {
        return ErrorCode.REQUEST_TIMEOUT.error("The body stopped arriving before its end.");
    }

    private long leastProgress() {
        return Math.max(1, bounds.pause().toSeconds() * LEAST_BYTES_PER_SECOND);
    }

    private void end() {
        finish(refusal == null ? new Body(whole(), this::forget) : new NoBody(refusal));
    }

    private void finish(Result result) {
        if (finished) {
            return;
        }
        finished = true;
        bounds.clock().end(this);
        if (result instanceof NoBody) {
            forget();
        }
        done.accept(result);
    }

    private void forget() {
        bounds.memory().giveBack(taken);
        taken = 0;
        bytes = new byte[0];
        discarded += length;
        length = 0;
    }

    private void broken(Throwable failure) {
        if (!finished) {
            bounds.bare().brokenBody(request, failure);
            finished = true;
            bounds.clock().end(this);
            forget();
        }
    }
}
