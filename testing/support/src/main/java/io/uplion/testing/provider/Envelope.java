// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// What stands around the choices of an answer or of a chunk.
record Envelope(Kind kind, Asked asked, Script script, long serial) {
    /// The moment every answer is dated with: the fake's answers differ in what tests look at only.
    private static final long CREATED = Instant.parse("2025-01-01T00:00:00Z").getEpochSecond();

    private static final byte[] WHOLE_END =
            ",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_fake\"}"
                    .getBytes(StandardCharsets.UTF_8);

    enum Kind {
        CHAT("chatcmpl-fake-", "chat.completion", "chat.completion.chunk"),
        COMPLETION("cmpl-fake-", "text_completion", "text_completion");

        private final String id;
        private final String object;
        private final String chunk;

        Kind(String id, String object, String chunk) {
            this.id = id;
            this.object = object;
            this.chunk = chunk;
        }
    }

    Choices choices() {
        Script.Text text = script.content().text();
        Tokens tokens = Tokens.of(text, asked, serial);
        String reason = Tokens.limited(text, asked) ? "length" : "stop";
        return switch (kind) {
            case COMPLETION -> new Choices.Plain(tokens, reason);
            case CHAT ->
                    text instanceof Script.Text.Tool
                            ? new Choices.ToolCall(tokens, tool(), serial)
                            : new Choices.Chat(tokens, reason);
        };
    }

    private String tool() {
        return asked.mode().tool().isEmpty() ? "lookup" : asked.mode().tool();
    }

    /// Up to and with the serial number, which is the only part before [#wholeMiddle] that varies.
    byte[] wholeStart() {
        return utf8("{\"id\":\"" + kind.id + serial);
    }

    byte[] wholeMiddle(Choices choices) {
        StringBuilder out =
                new StringBuilder("\",\"object\":\"")
                        .append(kind.object)
                        .append("\",\"created\":")
                        .append(CREATED)
                        .append(",\"model\":")
                        .append(JsonText.quoted(asked.model()))
                        .append(",\"choices\":[");
        int count = script.content().emptyChoices() ? 0 : asked.choices();
        for (int choice = 0; choice < count; choice++) {
            out.append(choice == 0 ? "" : ",").append(choices.whole(choice));
        }
        return utf8(out.append(']').toString());
    }

    byte[] wholeUsage(int tokens) {
        return script.frames().usage() ? utf8(",\"usage\":" + usage(tokens)) : new byte[0];
    }

    byte[] wholeEnd() {
        return WHOLE_END;
    }

    /// A chunk up to its choices.
    String chunkStart() {
        return "{\"id\":\""
                + kind.id
                + serial
                + "\",\"object\":\""
                + kind.chunk
                + "\",\"created\":"
                + CREATED
                + ",\"model\":"
                + JsonText.quoted(asked.model())
                + ",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_fake\",\"choices\":[";
    }

    /// Whether the stream's last chunk reports usage; the others then say that they do not.
    boolean usageChunk() {
        return asked.mode().includeUsage() && script.frames().usage();
    }

    String chunkEnd() {
        return usageChunk() ? "],\"usage\":null}" : "]}";
    }

    String usageChunkEnd(int tokens) {
        return "],\"usage\":" + usage(tokens) + "}";
    }

    String usage(int tokens) {
        int prompt = asked.prompt().words();
        return "{\"prompt_tokens\":"
                + prompt
                + ",\"completion_tokens\":"
                + tokens
                + ",\"total_tokens\":"
                + (prompt + tokens)
                + ",\"prompt_tokens_details\":{\"cached_tokens\":"
                + script.content().cachedTokens()
                + ",\"audio_tokens\":0},\"completion_tokens_details\":{\"reasoning_tokens\":0,"
                + "\"audio_tokens\":0,\"accepted_prediction_tokens\":0,"
                + "\"rejected_prediction_tokens\":0}}";
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
