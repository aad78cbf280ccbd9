// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.invariant;

import io.uplion.catalog.AIModel.Price;
import io.uplion.openai.Endpoint;
import io.uplion.openai.TokenUsage;
import io.uplion.task.Claim;
import io.uplion.task.Task;
import io.uplion.task.UsageRecord;
import io.uplion.task.UsageRecord.Outcome;
import io.uplion.task.UsageRecord.Source;
import io.uplion.task.UsageRecord.Timing;
import io.uplion.testing.http.BodyEnd;
import io.uplion.testing.load.End;
import io.uplion.testing.load.Frame;
import io.uplion.testing.load.Heard;
import io.uplion.testing.load.Observation;
import io.uplion.testing.load.Sent;
import io.uplion.testing.provider.Ending;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/// Made-up evidence of one request. It starts as a good one: three tokens of the provider's call 7,
/// complete. Each method spoils or changes one thing.
final class Made {
    static final UUID TASK = UUID.fromString("01890000-0000-7000-8000-000000000001");
    static final String ID = Task.requestId(TASK);
    static final String MARKER = "m-1";
    static final long SECOND = 1_000_000_000L;

    /// When the client's request ended.
    static final long END = 100 * SECOND;

    private final List<Frame> frames = new ArrayList<>();
    private String requestId = ID;
    private int status = 200;
    private TokenUsage told = TokenUsage.of(2, 3);
    private End.Kind kind = End.Kind.COMPLETED;
    private String code = "";
    private BodyEnd body = BodyEnd.COMPLETE;

    static Made answer() {
        var made = new Made();
        made.frame(Frame.Kind.SILENT, "").tokens("t0@7", " t1@7", " t2@7");
        return made.frame(Frame.Kind.FINISH, "").frame(Frame.Kind.DONE, "");
    }

    /// The answer without its last frames.
    static Made cutAfter(int frames) {
        var made = answer();
        made.frames.subList(frames, made.frames.size()).clear();
        return made.ends(End.Kind.CONNECTION_BROKEN, BodyEnd.RESET);
    }

    static Made nothing() {
        return cutAfter(0);
    }

    Made tokens(String... texts) {
        for (var text : texts) {
            frame(Frame.Kind.TOKEN, text);
        }
        return this;
    }

    Made frame(Frame.Kind frameKind, String text) {
        return frame(frameKind, "chatcmpl-fake-7", text);
    }

    Made frame(Frame.Kind frameKind, String id, String text) {
        frames.add(new Frame(frameKind, id, text, END));
        return this;
    }

    Made insert(int index, Frame.Kind frameKind, String id, String text) {
        frames.add(index, new Frame(frameKind, id, text, END));
        return this;
    }

    Made without(int index) {
        frames.remove(index);
        return this;
    }

    Made ends(End.Kind how, BodyEnd bytes) {
        kind = how;
        body = bytes;
        return this;
    }

    Made error(int httpStatus, String errorCode) {
        status = httpStatus;
        code = errorCode;
        return this;
    }

    Made requestId(String id) {
        requestId = id;
        return this;
    }

    Made told(TokenUsage usage) {
        told = usage;
        return this;
    }

    Observation seen() {
        return seen(MARKER);
    }

    Observation seen(String marker) {
        Map<String, String> headers =
                requestId.isEmpty() ? Map.of() : Map.of("x-request-id", requestId);
        return new Observation(
                new Sent(marker, "http://127.0.0.1:1", "fake", true, 2, END - SECOND),
                new Heard(status, headers, frames, List.of(), told),
                new End(kind, code, "", body, END));
    }

    Evidence evidence() {
        return Evidence.of(List.of(seen()));
    }

    static UsageRecord usage(Outcome outcome) {
        return usage(TASK, 1, outcome, TokenUsage.of(2, 3));
    }

    static UsageRecord usage(UUID task, int attempt, Outcome outcome, TokenUsage tokens) {
        var claim =
                new Claim(
                        task,
                        attempt,
                        TASK,
                        TASK,
                        Optional.empty(),
                        "fake",
                        Endpoint.CHAT,
                        "pool",
                        Price.FREE,
                        OptionalLong.empty(),
                        "");
        var timing = new Timing(Duration.ZERO, Duration.ZERO);
        return new UsageRecord(claim, outcome, Source.REPORTED, tokens, 200, Instant.EPOCH, timing);
    }

    static ProviderCall call(long serial, String marker, int tokens, long ended) {
        var outcome = new ProviderCall.Outcome(Ending.COMPLETED, tokens, ended);
        return new ProviderCall(serial, marker, END - SECOND, Optional.of(outcome));
    }

    static ProviderCall call(long serial, String marker, Ending ending, int tokens) {
        var outcome = new ProviderCall.Outcome(ending, tokens, END);
        return new ProviderCall(serial, marker, END - SECOND, Optional.of(outcome));
    }

    static ProviderCall running(long serial, String marker) {
        return new ProviderCall(serial, marker, END - SECOND, Optional.empty());
    }

    static ProviderRecord provider(ProviderCall... calls) {
        return new ProviderRecord(List.of(calls), true, END + 10 * SECOND);
    }
}
