// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Set;

/// A count for when the provider gives none. No tokenizer: the upstream's is unknown, and a wrong
/// one is as far off as this, which holds within about a third for English, code and Chinese.
public final class TokenEstimate {
    private static final int ASCII_CHARS_PER_TOKEN = 4;

    /// Not spoken by a model, or not text.
    private static final Set<String> NO_TEXT =
            Set.of("role", "id", "type", "url", "data", "finish_reason", "object", "file_data");

    private TokenEstimate() {}

    public static long of(CharSequence text) {
        long ascii = 0;
        long other = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                ascii++;
            } else if (!Character.isLowSurrogate(c)) {
                other++;
            }
        }
        return of(ascii, other);
    }

    static long of(long ascii, long other) {
        return (ascii + ASCII_CHARS_PER_TOKEN - 1) / ASCII_CHARS_PER_TOKEN + other;
    }

    /// The prompt of a request body; images count nothing here.
    public static long ofPrompt(byte[] body) {
        try (JsonParser json = JsonText.parser(body)) {
            long tokens = 0;
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                json.nextToken();
                switch (field) {
                    case "messages", "prompt", "input", "tools" -> tokens += ofStrings(json, body);
                    default -> json.skipChildren();
                }
            }
            return tokens;
        } catch (JacksonException e) {
            return 0;
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory", e);
        }
    }

    /// The strings of the value the parser stands on, down to the last; it stands on its end then.
    ///
    /// @param bytes what it reads; no string is taken out of them
    static long ofStrings(JsonParser json, byte[] bytes) throws IOException {
        JsonToken token = json.currentToken();
        if (token == JsonToken.VALUE_STRING) {
            return TextInPlace.tokens(bytes, JsonText.from(json, bytes));
        }
        if (token == null || !token.isStructStart()) {
            return 0;
        }
        long tokens = 0;
        String field = "";
        int depth = 1;
        while (depth > 0) {
            token = json.nextToken();
            if (token == null) {
                return tokens;
            } else if (token.isStructStart()) {
                depth++;
            } else if (token.isStructEnd()) {
                depth--;
            } else if (token == JsonToken.FIELD_NAME) {
                field = json.currentName();
            } else if (token == JsonToken.VALUE_STRING && !NO_TEXT.contains(field)) {
                tokens += TextInPlace.tokens(bytes, JsonText.from(json, bytes));
            }
        }
        return tokens;
    }
}
