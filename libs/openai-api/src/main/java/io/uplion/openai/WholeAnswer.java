// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;

/// What an answer that came in one piece says.
///
/// @param produced estimated tokens of its choices
/// @param error a provider's error under status 200
public record WholeAnswer(
        Optional<TokenUsage> usage, long produced, Optional<UpstreamError> error) {

    /// @return nothing where the body is not one JSON object
    public static Optional<WholeAnswer> read(byte[] body) {
        try (JsonParser json = JsonText.parser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            WholeAnswer answer = fields(json);
            return json.nextToken() == null ? Optional.of(answer) : Optional.empty();
        } catch (JacksonException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory", e);
        }
    }

    private static WholeAnswer fields(JsonParser json) throws IOException {
        Optional<TokenUsage> usage = Optional.empty();
        Optional<UpstreamError> error = Optional.empty();
        long produced = 0;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            JsonToken token = json.nextToken();
            if (field.equals("usage") && token == JsonToken.START_OBJECT) {
                usage = Optional.of(UsageObject.read(json));
            } else if (field.equals("choices") && usage.isEmpty()) {
                produced = TokenEstimate.ofStrings(json);
            } else if (field.equals("error")) {
                error = UpstreamError.read(json);
            } else {
                json.skipChildren();
            }
        }
        return new WholeAnswer(usage, produced, error);
    }
}
