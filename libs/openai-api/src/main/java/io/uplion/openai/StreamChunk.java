// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What one event of a stream says, read without building a tree: this runs once per token.
///
/// @param answer it has the array `choices`, which may be empty: else it is no part of an answer
/// @param choices how many choices it carries
/// @param finished the indexes of those that carry a `finish_reason`
/// @param produced estimated tokens of text and tool arguments in it
/// @param usage what the provider counted, where it says so and makes sense
/// @param usageFrom where the value of `usage` starts; -1 where there is none or `null`
/// @param usageTo just past the value of `usage`
/// @param error the provider broke off inside the stream
public record StreamChunk(
        boolean answer,
        int choices,
        List<Integer> finished,
        long produced,
        Optional<TokenUsage> usage,
        int usageFrom,
        int usageTo,
        Optional<UpstreamError> error) {

    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    /// @return nothing where the data is not one JSON object: what it was to say is lost
    public static Optional<StreamChunk> read(byte[] data) {
        try (JsonParser json = JsonText.parser(data)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            return Optional.ofNullable(new Reader(json, data).read());
        } catch (JacksonException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory", e);
        }
    }

    /// The last chunk of a stream whose client asked for usage: usage and no choice.
    public boolean isUsageOnly() {
        return hasUsage() && choices == 0;
    }

    /// Also one that makes no sense.
    public boolean hasUsage() {
        return usageFrom >= 0;
    }

    /// The same event without the count, for a client that did not ask for it.
    public byte[] withoutUsage(byte[] data) {
        return hasUsage() ? JsonText.replace(data, usageFrom, usageTo, NULL) : data;
    }

    private static final class Reader {
        private final JsonParser json;
        private final byte[] data;
        private boolean answer;
        private int choices;
        private List<Integer> finished = List.of();
        private long produced;
        private Optional<TokenUsage> usage = Optional.empty();
        private int usageFrom = -1;
        private int usageTo = -1;
        private Optional<UpstreamError> error = Optional.empty();

        Reader(JsonParser json, byte[] data) {
            this.json = json;
            this.data = data;
        }

        @Nullable StreamChunk read() throws IOException {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                JsonToken token = json.nextToken();
                switch (field) {
                    case "choices" -> choices(token);
                    case "usage" -> usage(token);
                    case "error" -> error = UpstreamError.read(json);
                    default -> json.skipChildren();
                }
            }
            if (json.currentToken() != JsonToken.END_OBJECT || json.nextToken() != null) {
                return null;
            }
            return new StreamChunk(
                    answer, choices, finished, produced, usage, usageFrom, usageTo, error);
        }

        private void usage(JsonToken token) throws IOException {
            if (token == JsonToken.VALUE_NULL) {
                return;
            }
            usageFrom = JsonText.from(json, data);
            usage = UsageObject.read(json);
            usageTo = JsonText.end(json, data);
        }

        private void choices(JsonToken token) throws IOException {
            if (token != JsonToken.START_ARRAY) {
                json.skipChildren();
                return;
            }
            answer = true;
            while (json.nextToken() == JsonToken.START_OBJECT) {
                choices++;
                choice();
            }
        }

        private void choice() throws IOException {
            int index = 0;
            boolean isFinished = false;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                JsonToken token = json.nextToken();
                switch (field) {
                    // Some providers send an empty one with every token.
                    case "finish_reason" -> {
                        isFinished = token == JsonToken.VALUE_STRING && json.getTextLength() > 0;
                        json.skipChildren();
                    }
                    case "index" -> index = index(token);
                    case "text", "delta" -> produced += TokenEstimate.ofStrings(json, data);
                    default -> json.skipChildren();
                }
            }
            if (isFinished) {
                finish(index);
            }
        }

        private int index(JsonToken token) throws IOException {
            boolean fits =
                    token == JsonToken.VALUE_NUMBER_INT && json.getNumberType() == NumberType.INT;
            json.skipChildren();
            return fits ? json.getIntValue() : 0;
        }

        /// Most chunks finish nothing, and most of the others one choice.
        private void finish(int index) {
            if (finished.isEmpty()) {
                finished = List.of(index);
            } else {
                finished = new ArrayList<>(finished);
                finished.add(index);
            }
        }
    }
}
