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
/// A body that is too large is read to its end and thrown away, up to a bound, before the error
/// goes out: most clients look for an answer only after they have sent everything.
final class BodyReader {
    private static final int FIRST_BYTES = 64 << 10;
    private static final int DISCARD_FACTOR = 2;
    private static final int LEAST_BYTES_PER_SECOND = 256;

    private final HttpServerRequest request;
    private final Bounds bounds;
    private final Consumer<Result> done;
    private byte[] bytes = new byte[0];
    private int length;
    private long taken;
    private long discarded;
    private @Nullable OpenAiError refusal;
    private boolean finished;
    private long lastLength;

    /// @param pause how often the clock looks: a body that gained too little since is cut off
    record Bounds(
            BodyClock clock, BodyMemory memory, BareAnswer bare, long maxBytes, Duration pause) {}

    sealed interface Result {}

    /// @param held bytes to give back to the memory when the body is no longer needed
    record Body(byte[] bytes, long held) implements Result {}

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
        long announced = announced(request);
        bytes = new byte[(int) Math.min(Math.max(announced, 1024), FIRST_BYTES)];
        if (announced > bounds.maxBytes()) {
            refusal = tooLarge();
        }
        if (expectsLeave()) {
            if (refusal != null) {
                finish(new NoBody(refusal));
                return;
            }
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
        if (!bounds.memory().take(piece.length())) {
            return ErrorCode.OVERLOADED
                    .error("Too many large requests are under way; try again shortly.")
                    .retryAfter(Duration.ofSeconds(1));
        }
        taken += piece.length();
        if (needed > bytes.length) {
            bytes =
                    Arrays.copyOf(
                            bytes,
                            Math.max(needed, (int) Math.min(2L * bytes.length, bounds.maxBytes())));
        }
        piece.getBytes(bytes, length);
        length = needed;
        return null;
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
            finish(
                    new NoBody(
                            ErrorCode.REQUEST_TIMEOUT.error(
                                    "The body stopped arriving before its end.")));
        }
        lastLength = now;
    }

    private long leastProgress() {
        return Math.max(1, bounds.pause().toSeconds() * LEAST_BYTES_PER_SECOND);
    }

    private void end() {
        if (refusal != null) {
            finish(new NoBody(refusal));
        } else {
            byte[] body = length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
            finish(new Body(body, taken));
        }
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
