// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.uplion.openai.RequestHead;
import io.uplion.openai.SseDecoder;
import io.uplion.openai.SseFrames;
import io.uplion.openai.StreamChunk;
import io.uplion.openai.WholeAnswer;
import io.uplion.task.FromWorker.Failure;
import io.uplion.worker.backend.Backend.Call;
import io.uplion.worker.backend.Backend.Chunk;
import io.uplion.worker.backend.Backend.Ended;
import io.uplion.worker.backend.Backend.Failed;
import io.uplion.worker.backend.Backend.Signal;
import io.uplion.worker.backend.Backend.Whole;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.internal.ContextInternal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One request to a provider, from its first byte to the one signal that ends it.
final class OpenAiCall implements Call {
    private static final byte[] NOTHING = {};
    private static final String DONE = "[DONE]";
    private static final int MAX_ERROR_BYTES = 256 << 10;
    private static final int MOST_EARLY = 100;
    private static final int MOST_EARLY_BYTES = 1 << 20;
    private static final String JSON = "application/json";

    /// For what a provider sends after all that it had to say, or beside an error's status. One
    /// that never ends it would keep its connection, and in the end all that there are.
    private static final long END_MILLIS = 2000;

    private final RequestHead head;
    private final Consumer<Signal> signals;
    private final int maxAnswerBytes;
    private final Intake intake;
    private @Nullable HttpClientRequest sent;
    private Redaction redaction = Redaction.NONE;
    private boolean over;
    private final BitSet finished = new BitSet();
    private boolean begun;
    private boolean ended;
    private final List<Chunk> early = new ArrayList<>();
    private long earlyBytes;

    /// Made on the event loop that it lives on.
    OpenAiCall(
            RequestHead head, Consumer<Signal> signals, int maxAnswerBytes, AnswerMemory memory) {
        this.head = head;
        this.signals = signals;
        this.maxAnswerBytes = maxAnswerBytes;
        this.intake = new Intake(memory);
    }

    boolean isOver() {
        return over;
    }

    @Override
    public void cancel() {
        over = true;
        intake.end();
        release();
        abort();
    }

    @Override
    public void release() {
        intake.release();
    }

    @Override
    public void pace(boolean hold) {
        intake.pace(hold);
    }

    /// Closes the connection: the provider is to stop working.
    private void abort() {
        if (sent != null) {
            sent.reset();
        }
    }

    /// @param body what follows one after the other
    void send(HttpClientRequest opened, List<ByteBuffer> body, Redaction keyless) {
        redaction = keyless;
        sent = opened;
        opened.exceptionHandler(this::cut);
        if (over) {
            opened.reset();
            return;
        }
        opened.response().onComplete(this::answered, this::cut);
        RequestBody.send(opened, body);
    }

    void unreachable(Throwable failure) {
        last(Refusals.unreachable(failure));
    }

    void misconfigured(String message) {
        last(Refusals.misconfigured(message));
    }

    private void cut(Throwable failure) {
        fail(
                Failure.Kind.CUT,
                begun
                        ? "the provider broke the connection in mid-answer"
                        : "the provider broke the connection");
    }

    private void answered(HttpClientResponse response) {
        response.exceptionHandler(this::cut);
        intake.from(response);
        if (response.statusCode() != 200) {
            WholeBody body = collect(response, MAX_ERROR_BYTES, said -> refused(response, said));
            unlessItEnds(() -> refused(response, body.take().orElse(NOTHING)));
        } else if (!head.stream()) {
            collect(response, maxAnswerBytes, this::whole);
        } else if (isEventStream(response)) {
            stream(response);
        } else {
            collect(response, MAX_ERROR_BYTES, this::notAStream);
        }
    }

    private static boolean isEventStream(HttpClientResponse response) {
        String type = response.getHeader("content-type");
        return type != null && type.startsWith(SseFrames.CONTENT_TYPE);
    }

    /// Made so that the connection serves others in any case.
    ///
    /// @param then what is known now, if it is not over yet
    private void unlessItEnds(Runnable then) {
        ContextInternal.current()
                .owner()
                .setTimer(
                        END_MILLIS,
                        _ -> {
                            if (!ended) {
                                if (!over) {
                                    then.run();
                                }
                                abort();
                            }
                        });
    }

    private WholeBody collect(HttpClientResponse response, int limit, Consumer<byte[]> then) {
        WholeBody body = new WholeBody();
        response.handler(
                piece -> {
                    if (over) {
                        return;
                    }
                    body.add(piece);
                    intake.holds(body.length());
                    if (body.length() > limit) {
                        fail(
                                Failure.Kind.NONSENSE,
                                "the provider's answer is larger than " + limit + " bytes");
                        abort();
                    }
                });
        response.endHandler(
                _ -> {
                    ended = true;
                    if (!over) {
                        body.take()
                                .ifPresentOrElse(
                                        then,
                                        () ->
                                                fail(
                                                        Failure.Kind.WORKER_LOST,
                                                        "the worker has no memory for the answer"));
                    }
                });
        return body;
    }

    private void refused(HttpClientResponse response, byte[] body) {
        last(Refusals.signal(response, body));
    }

    private void whole(byte[] body) {
        Optional<WholeAnswer> answer = WholeAnswer.read(head.endpoint(), body);
        if (answer.isEmpty()) {
            fail(Failure.Kind.NONSENSE, "the provider's answer is not a JSON object");
        } else if (answer.get().error().isPresent()) {
            fail(
                    Failure.Kind.UPSTREAM_ERROR,
                    "the provider sent an error: " + answer.get().error().get().message());
        } else if (!answer.get().answer()) {
            fail(Failure.Kind.NONSENSE, "the provider's answer has no content");
        } else {
            last(new Whole(200, JSON, body, answer));
        }
    }

    private void notAStream(byte[] body) {
        String said =
                WholeAnswer.read(head.endpoint(), body)
                        .flatMap(WholeAnswer::error)
                        .map(error -> "the provider sent an error: " + error.message())
                        .orElse("the provider did not answer with an event stream");
        fail(Failure.Kind.NONSENSE, said);
    }

    private void stream(HttpClientResponse response) {
        SseDecoder decoder = new SseDecoder(maxAnswerBytes, this::event, this::error);
        response.handler(
                piece -> {
                    if (!over && !decoder.feed(piece.getBytes())) {
                        fail(
                                Failure.Kind.NONSENSE,
                                "the provider sent an event of more than "
                                        + maxAnswerBytes
                                        + " bytes");
                        abort();
                    }
                    if (!over) {
                        intake.holds(decoder.heldBytes());
                    }
                });
        response.endHandler(
                _ -> {
                    ended = true;
                    if (!over) {
                        decoder.end();
                        streamEnded();
                    }
                });
    }

    private void event(byte[] data) {
        if (over || isBlank(data)) {
            return;
        }
        if (isDone(data)) {
            done();
            return;
        }
        onOneLine(data);
        StreamChunk.read(data).ifPresentOrElse(chunk -> chunk(chunk, data), this::unreadable);
    }

    /// It came as an event of its own, and not inside a chunk.
    private void error(byte[] data) {
        if (over) {
            return;
        }
        String said = ErrorBody.read(data).message();
        fail(
                Failure.Kind.UPSTREAM_ERROR,
                "the provider sent an error" + (said.isEmpty() ? "" : ": " + said));
        abort();
    }

    private static boolean isBlank(byte[] data) {
        int first = 0;
        while (first < data.length && data[first] >= 0 && data[first] <= ' ') {
            first++;
        }
        return first == data.length;
    }

    private static boolean isDone(byte[] data) {
        return data.length <= 2 * DONE.length()
                && new String(data, US_ASCII).strip().equalsIgnoreCase(DONE);
    }

    /// What it would have said is a hole in the answer: who passes over it gives an answer that
    /// looks whole and is not.
    private void unreadable() {
        fail(Failure.Kind.NONSENSE, "the provider sent an event that is not a JSON object");
        abort();
    }

    /// Inside JSON a line feed can only be space between tokens.
    private static void onOneLine(byte[] data) {
        for (int i = 0; i < data.length; i++) {
            if (data[i] == '\n') {
                data[i] = ' ';
            }
        }
    }

    private void chunk(StreamChunk chunk, byte[] data) {
        if (chunk.error().isPresent()) {
            fail(
                    Failure.Kind.UPSTREAM_ERROR,
                    "the provider sent an error: " + chunk.error().get().message());
            abort();
            return;
        }
        if (!chunk.answer() && !chunk.hasUsage()) {
            // Whatever it is, no client of OpenAI's knows it.
            return;
        }
        chunk.finished().forEach(this::finished);
        Chunk signal = new Chunk(chunk, data);
        if (chunk.choices() > 0 && !begun) {
            begun = true;
            early.forEach(signals);
            early.clear();
        }
        if (begun) {
            signals.accept(signal);
        } else {
            holdBack(signal);
        }
    }

    /// What comes before the first choice is no answer yet: another attempt may still give one.
    private void holdBack(Chunk chunk) {
        early.add(chunk);
        earlyBytes += chunk.data().length;
        if (early.size() > MOST_EARLY || earlyBytes > MOST_EARLY_BYTES) {
            fail(Failure.Kind.NONSENSE, "the provider's stream does not begin");
            abort();
        }
    }

    /// A choice may be said to have finished more than once.
    private void finished(int choice) {
        if (choice >= 0 && choice < head.choices()) {
            finished.set(choice);
        }
    }

    private void done() {
        if (begun) {
            last(new Ended());
        } else {
            fail(Failure.Kind.NONSENSE, "the provider's stream has no content");
        }
        unlessItEnds(() -> {});
    }

    /// Some providers leave `[DONE]` out; an answer all of whose choices have finished is whole.
    private void streamEnded() {
        if (over) {
            return;
        }
        if (begun && finished.cardinality() >= head.choices()) {
            last(new Ended());
        } else if (begun) {
            fail(Failure.Kind.CUT, "the provider ended the stream before the answer was complete");
        } else {
            fail(Failure.Kind.NONSENSE, "the provider's stream has no content");
        }
    }

    private void fail(Failure.Kind kind, String message) {
        last(new Failed(Failure.of(kind, message)));
    }

    private void last(Signal signal) {
        if (!over) {
            over = true;
            intake.end();
            if (!(signal instanceof Whole)) {
                release();
            }
            signals.accept(redaction.of(signal));
        }
    }
}
