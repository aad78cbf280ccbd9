// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.uplion.openai.TokenUsage;
import io.uplion.testing.http.SseEvent;
import io.uplion.testing.load.Frame.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Understands an answer as it comes. Keeps of each event only what is told of it later: many
/// streams are watched at once.
final class Reception {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int QUOTED = 200;

    private final List<Frame> frames = new ArrayList<>();
    private String lastId = "";
    private @Nullable TokenUsage usage;

    void event(SseEvent event) {
        if (event.data().equals("[DONE]")) {
            add(Kind.DONE, "", "", event.atNanos());
            return;
        }
        JsonNode json = read(event.data());
        if (json == null) {
            unreadable(event.data(), event.atNanos());
        } else if (event.name().equals("error") || json.has("error")) {
            add(Kind.ERROR, "", json.at("/error/code").asText(""), event.atNanos());
        } else {
            chunk(json, json.at("/choices/0/delta/content"), event.atNanos());
        }
    }

    /// An answer in one piece.
    void whole(String body, long atNanos) {
        JsonNode json = read(body);
        if (json == null || !json.has("choices")) {
            unreadable(body, atNanos);
        } else {
            chunk(json, json.at("/choices/0/message/content"), atNanos);
        }
    }

    private void chunk(JsonNode json, JsonNode chatText, long atNanos) {
        JsonNode choice = json.at("/choices/0");
        String text = chatText.isMissingNode() ? choice.path("text").asText("") : chatText.asText();
        boolean hasUsage = json.path("usage").isObject();
        if (hasUsage) {
            JsonNode counts = json.path("usage");
            usage =
                    TokenUsage.of(
                            counts.path("prompt_tokens").asLong(),
                            counts.path("completion_tokens").asLong());
        }
        add(kind(choice, text, hasUsage), id(json.path("id").asText("")), text, atNanos);
    }

    private static Kind kind(JsonNode choice, String text, boolean hasUsage) {
        if (choice.hasNonNull("finish_reason")) {
            return Kind.FINISH;
        }
        if (!text.isEmpty()) {
            return Kind.TOKEN;
        }
        return hasUsage && choice.isMissingNode() ? Kind.USAGE : Kind.SILENT;
    }

    /// All chunks of a stream carry one id: it is kept once.
    private String id(String read) {
        if (!read.equals(lastId)) {
            lastId = read;
        }
        return lastId;
    }

    private void unreadable(String data, long atNanos) {
        String start = data.substring(0, Math.min(data.length(), QUOTED));
        add(Kind.UNREADABLE, "", start, atNanos);
    }

    private void add(Kind kind, String id, String text, long atNanos) {
        frames.add(new Frame(kind, id, text, atNanos));
    }

    private static @Nullable JsonNode read(String json) {
        try {
            JsonNode node = JSON.readTree(json);
            return node.isObject() ? node : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    /// The code in an error's body; empty where it has none.
    static String code(String body) {
        JsonNode json = read(body);
        return json == null ? "" : json.at("/error/code").asText("");
    }

    boolean heard(Kind kind) {
        return frames.stream().anyMatch(frame -> frame.kind() == kind);
    }

    /// The code that the stream's error event told.
    String errorCode() {
        return frames.stream()
                .filter(frame -> frame.kind() == Kind.ERROR)
                .map(Frame::text)
                .findFirst()
                .orElse("");
    }

    List<Frame> frames() {
        return frames;
    }

    @Nullable TokenUsage usage() {
        return usage;
    }
}
