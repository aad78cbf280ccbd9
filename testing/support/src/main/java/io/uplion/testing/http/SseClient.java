// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.http;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads one stream of server-sent events, blocking, and shows what the usual clients hide:
/// comments, the moment of each event, and whether the end was clean.
public final class SseClient implements AutoCloseable {
    private final RawHttp http;
    private final ResponseHead head;
    private final List<SseComment> comments = new ArrayList<>();
    private boolean afterReturn;

    private SseClient(RawHttp http) {
        this.http = http;
        this.head = http.readHead();
    }

    /// Sends the request and waits for the answer's head.
    public static SseClient post(String url, String json) {
        return post(url, json, Map.of(), Duration.ofSeconds(10));
    }

    /// @param readLimit how long to wait for each byte
    public static SseClient post(
            String url, String json, Map<String, String> headers, Duration readLimit) {
        Map<String, String> all = new LinkedHashMap<>(Map.of("accept", "text/event-stream"));
        all.putAll(headers);
        RawHttp http = RawHttp.connect(url).waitAtMost(readLimit);
        return new SseClient(http.post(URI.create(url).getRawPath(), json, all));
    }

    /// Waits for the head of the answer to a request that was sent.
    public static SseClient read(RawHttp http) {
        return new SseClient(http);
    }

    public int status() {
        return head.status();
    }

    public ResponseHead head() {
        return head;
    }

    /// The next event, or nothing at the end of the stream: [#end] then says which end it was.
    public Optional<SseEvent> next() {
        String name = "message";
        List<String> data = new ArrayList<>();
        for (Optional<String> line = line(); line.isPresent(); line = line()) {
            String text = line.get();
            if (text.isEmpty() && !data.isEmpty()) {
                return Optional.of(new SseEvent(name, String.join("\n", data), System.nanoTime()));
            }
            int colon = text.indexOf(':');
            String field = colon < 0 ? text : text.substring(0, colon);
            String value = colon < 0 ? "" : text.substring(colon + 1);
            value = value.startsWith(" ") ? value.substring(1) : value;
            switch (field) {
                case "data" -> data.add(value);
                case "event" -> name = value;
                case "" -> comment(colon, value);
                default -> {}
            }
        }
        return Optional.empty();
    }

    private void comment(int colon, String value) {
        if (colon == 0) {
            comments.add(new SseComment(value, System.nanoTime()));
        }
    }

    /// All events up to the end of the stream.
    public List<SseEvent> events() {
        List<SseEvent> events = new ArrayList<>();
        for (Optional<SseEvent> one = next(); one.isPresent(); one = next()) {
            events.add(one.get());
        }
        return events;
    }

    /// The data of all events up to the end of the stream.
    public List<String> data() {
        return events().stream().map(SseEvent::data).toList();
    }

    /// The comments read so far, without the colon and the blank after it.
    public List<String> comments() {
        return comments.stream().map(SseComment::text).toList();
    }

    /// The comments read so far, with their moments.
    public List<SseComment> timedComments() {
        return List.copyOf(comments);
    }

    /// The body of an answer that is not a stream.
    public String body() {
        return http.readBody();
    }

    /// How the stream ended. While it has not, [BodyEnd#COMPLETE].
    public BodyEnd end() {
        return http.end();
    }

    /// A line may end in LF, CR LF or CR. One that the end of the stream cuts off is no line.
    private Optional<String> line() {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = http.readByte(); next >= 0; next = http.readByte()) {
            boolean secondHalf = next == '\n' && afterReturn;
            afterReturn = next == '\r';
            if (secondHalf) {
                continue;
            }
            if (next == '\n' || next == '\r') {
                return Optional.of(line.toString(StandardCharsets.UTF_8));
            }
            line.write(next);
        }
        return Optional.empty();
    }

    /// Goes away with a TCP reset.
    public void reset() {
        http.reset();
    }

    /// Goes away with an orderly close.
    @Override
    public void close() {
        http.close();
    }
}
