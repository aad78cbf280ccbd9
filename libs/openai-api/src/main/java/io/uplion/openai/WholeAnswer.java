// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/// What an answer that came in one piece says.
///
/// @param answer it has what an answer of its endpoint consists of: the array `choices`, or `data`
/// @param produced estimated tokens of its choices
/// @param usage what the provider counted, where it says so and makes sense
/// @param usageFrom where the value of `usage` starts; -1 where there is none or `null`
/// @param usageTo just past the value of `usage`
/// @param error a provider's error under status 200
public record WholeAnswer(
        boolean answer,
        long produced,
        Optional<TokenUsage> usage,
        int usageFrom,
        int usageTo,
        Optional<UpstreamError> error) {

    /// @return nothing where the body is not one JSON object
    public static Optional<WholeAnswer> read(Endpoint endpoint, byte[] body) {
        try (JsonParser json = JsonText.parser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            String content = endpoint == Endpoint.EMBEDDINGS ? "data" : "choices";
            WholeAnswer answer = new Reader(json, body, content).read();
            return json.nextToken() == null ? Optional.of(answer) : Optional.empty();
        } catch (JacksonException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory", e);
        }
    }

    /// The same answer with a count that makes sense.
    ///
    /// @param count a JSON object
    public byte[] withUsage(byte[] body, byte[] count) {
        return JsonText.replace(body, usageFrom, usageTo, count);
    }

    /// The provider counted, and its count makes no sense.
    public boolean isMiscounted() {
        return usageFrom >= 0 && usage.isEmpty();
    }

    private static final class Reader {
        private final JsonParser json;
        private final byte[] body;
        private final String content;
        private boolean answer;
        private int choicesFrom;
        private int choicesTo;
        private Optional<TokenUsage> usage = Optional.empty();
        private int usageFrom = -1;
        private int usageTo = -1;
        private Optional<UpstreamError> error = Optional.empty();

        /// @param content the field that an answer consists of
        Reader(JsonParser json, byte[] body, String content) {
            this.json = json;
            this.body = body;
            this.content = content;
        }

        WholeAnswer read() throws IOException {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                JsonToken token = json.nextToken();
                answer |= field.equals(content) && token == JsonToken.START_ARRAY;
                switch (field) {
                    case "usage" -> usage(token);
                    case "choices" -> choices();
                    case "error" -> error = UpstreamError.read(json);
                    default -> json.skipChildren();
                }
            }
            return new WholeAnswer(answer, produced(), usage, usageFrom, usageTo, error);
        }

        private void usage(JsonToken token) throws IOException {
            if (token != JsonToken.VALUE_NULL) {
                usageFrom = JsonText.from(json, body);
                usage = UsageObject.read(json);
                usageTo = JsonText.end(json, body);
            }
        }

        private void choices() throws IOException {
            choicesFrom = JsonText.from(json, body);
            json.skipChildren();
            choicesTo = JsonText.end(json, body);
        }

        /// Nobody needs it where the provider has counted, which mostly it says behind the choices.
        private long produced() throws IOException {
            if (usage.isPresent() || choicesTo == 0) {
                return 0;
            }
            byte[] choices = Arrays.copyOfRange(body, choicesFrom, choicesTo);
            try (JsonParser again = JsonText.parser(choices)) {
                again.nextToken();
                return TokenEstimate.ofStrings(again, choices);
            }
        }
    }
}
