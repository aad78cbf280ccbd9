// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/// How many tokens a request's prompt may have at most, for whoever must have the money for it
/// before it runs. Where [TokenEstimate] means to be near, this means not to be below.
///
/// - Text is a token a byte: there is no token without one, and what a chat template adds to a
///   message is less than the JSON around it.
/// - An image is [#IMAGE] tokens, however it is sent: its size in pixels cannot be seen in its
///   address, and hardly in its bytes.
/// - Audio is a token for each [#AUDIO_BYTES] of its text: no codec says a second in fewer than
///   thirty times as many.
public final class TokenBound {
    /// More than any provider that we know counts for one.
    public static final long IMAGE = 50_000;

    public static final long AUDIO_BYTES = 16;

    private TokenBound() {}

    /// @param body a request that [RequestHead] has read
    public static long ofPrompt(byte[] body) {
        try (JsonParser json = JsonText.parser(body)) {
            long tokens = body.length;
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.FIELD_NAME) {
                    tokens += beyondBytes(json, body);
                }
            }
            return tokens;
        } catch (JacksonException e) {
            return body.length;
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory", e);
        }
    }

    /// What a field counts for beyond a token a byte; below zero where it counts for less.
    private static long beyondBytes(JsonParser json, byte[] body) throws IOException {
        return switch (json.currentName()) {
            case "image_url" -> IMAGE - skipped(json, body);
            case "input_audio" -> {
                long bytes = skipped(json, body);
                yield bytes / AUDIO_BYTES - bytes;
            }
            default -> 0;
        };
    }

    /// The length of the field's value, which is passed over.
    private static long skipped(JsonParser json, byte[] body) throws IOException {
        boolean text = json.nextToken() == JsonToken.VALUE_STRING;
        int from = JsonText.from(json, body);
        json.skipChildren();
        // A string may be too long to be read to its end.
        return text ? endOfText(body, from + 1) - from : JsonText.end(json, body) - from;
    }

    private static int endOfText(byte[] body, int from) {
        int at = from;
        while (at < body.length && body[at] != '"') {
            at += body[at] == '\\' ? 2 : 1;
        }
        return at;
    }
}
