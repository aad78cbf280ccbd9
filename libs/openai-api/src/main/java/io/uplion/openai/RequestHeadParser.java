// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.common.base.Utf8;
import io.uplion.openai.RequestHead.Edits;
import io.uplion.openai.RequestHead.Span;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the top-level fields of a body in one pass; long values are skipped without being decoded.
final class RequestHeadParser {
    private static final int MAX_FIELDS = 1000;
    private static final int MAX_MODEL_CHARS = 200;

    private final Endpoint endpoint;
    private final int start;
    private final Map<String, FieldRule> rules;
    private final Set<String> seen = new HashSet<>();

    private String model = "";
    private boolean stream;
    private boolean wantsUsage;
    private OptionalLong maxTokens = OptionalLong.empty();
    private int n = 1;
    private int made = 1;
    private int prompts = 1;
    private int open;
    private Span modelSpan = Span.ABSENT;
    private Span streamOptions = Span.ABSENT;
    private boolean streamOptionsEmpty = true;
    private Span includeUsage = Span.ABSENT;

    private RequestHeadParser(Endpoint endpoint, byte[] body) {
        this.endpoint = endpoint;
        this.start = JsonText.start(body);
        this.rules = FieldRule.of(endpoint);
    }

    static RequestHead.Result parse(Endpoint endpoint, byte[] body) {
        if (body.length == 0) {
            return new RequestHead.Refused(
                    ErrorCode.INVALID_BODY.error("The body is empty; a JSON object is expected."));
        }
        if (!Utf8.isWellFormed(body)) {
            return new RequestHead.Refused(
                    ErrorCode.INVALID_BODY.error("The body is not valid UTF-8."));
        }
        try (JsonParser json = JsonText.parser(body)) {
            RequestHeadParser parser = new RequestHeadParser(endpoint, body);
            OpenAiError error = parser.read(json);
            return error == null
                    ? new RequestHead.Parsed(parser.head())
                    : new RequestHead.Refused(error);
        } catch (JacksonException e) {
            return new RequestHead.Refused(JsonFault.of(e));
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory", e);
        }
    }

    private @Nullable OpenAiError read(JsonParser json) throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            return ErrorCode.INVALID_BODY.error(
                    "The body must be a JSON object, not " + name(json.currentToken()) + ".");
        }
        open = offset(json);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            OpenAiError error = field(json, json.currentName());
            if (error != null) {
                return error;
            }
        }
        if (json.nextToken() != null) {
            return ErrorCode.INVALID_BODY.error("There is text after the JSON object's end.");
        }
        return missing();
    }

    private @Nullable OpenAiError field(JsonParser json, String field) throws IOException {
        if (!seen.add(field)) {
            return ErrorCode.DUPLICATE_PARAMETER.error("The field is given twice.", field);
        }
        if (seen.size() > MAX_FIELDS) {
            return ErrorCode.INVALID_BODY.error(
                    "The body has more than " + MAX_FIELDS + " top-level fields.");
        }
        JsonToken token = json.nextToken();
        FieldRule rule = rules.get(field);
        if (rule != null && !rule.allows(token)) {
            return ErrorCode.INVALID_TYPE.error(
                    "'" + field + "' must be " + rule.expected() + ", not " + name(token) + ".",
                    field);
        }
        if (rule == null) {
            // Known to another endpoint, or to nobody: any value will do.
            json.skipChildren();
            return null;
        }
        return value(json, field);
    }

    private @Nullable OpenAiError value(JsonParser json, String field) throws IOException {
        return switch (field) {
            case "model" -> model(json);
            case "stream" -> {
                stream = json.currentToken() == JsonToken.VALUE_TRUE;
                yield null;
            }
            case "stream_options" -> streamOptions(json);
            case "max_tokens", "max_completion_tokens" -> maxTokens(json, field);
            case "n", "best_of" -> choices(json, field);
            case "messages" -> messages(json);
            case "prompt" -> prompts(json);
            case "input" -> elements(json) == 0 ? empty(field) : null;
            default -> {
                json.skipChildren();
                yield null;
            }
        };
    }

    private @Nullable OpenAiError model(JsonParser json) throws IOException {
        model = json.getText();
        int from = start + (int) json.currentTokenLocation().getByteOffset();
        modelSpan = new Span(from, offset(json));
        if (model.isBlank() || model.length() > MAX_MODEL_CHARS) {
            return ErrorCode.INVALID_VALUE.error(
                    "'model' must have 1 to " + MAX_MODEL_CHARS + " characters.", "model");
        }
        return null;
    }

    private @Nullable OpenAiError streamOptions(JsonParser json) throws IOException {
        int end = offset(json);
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            streamOptions = new Span(end - 4, end);
            return null;
        }
        int from = end - 1;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            streamOptionsEmpty = false;
            boolean usage = json.currentName().equals("include_usage");
            JsonToken token = json.nextToken();
            if (usage && token != JsonToken.VALUE_NULL && !token.isBoolean()) {
                return ErrorCode.INVALID_TYPE.error(
                        "'stream_options.include_usage' must be a boolean.",
                        "stream_options.include_usage");
            }
            if (usage) {
                wantsUsage = token == JsonToken.VALUE_TRUE;
                includeUsage = literal(token, offset(json));
            } else {
                json.skipChildren();
            }
        }
        streamOptions = new Span(from, offset(json));
        return null;
    }

    private static Span literal(JsonToken token, int end) {
        return new Span(end - token.asString().length(), end);
    }

    private @Nullable OpenAiError maxTokens(JsonParser json, String field) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        int least = endpoint == Endpoint.COMPLETIONS ? 0 : 1;
        if (json.getNumberType() != JsonParser.NumberType.INT || json.getIntValue() < least) {
            return ErrorCode.INVALID_VALUE.error(
                    "'" + field + "' must be an integer of at least " + least + ".", field);
        }
        maxTokens = OptionalLong.of(Math.max(maxTokens.orElse(0), json.getIntValue()));
        return null;
    }

    private @Nullable OpenAiError choices(JsonParser json, String field) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        boolean fits = json.getNumberType() == JsonParser.NumberType.INT;
        if (!fits || json.getIntValue() < 1 || json.getIntValue() > RequestHead.MAX_CHOICES) {
            String words = "' must be an integer from 1 to " + RequestHead.MAX_CHOICES + ".";
            return ErrorCode.INVALID_VALUE.error("'" + field + words, field);
        }
        if (field.equals("n")) {
            n = json.getIntValue();
        }
        made = Math.max(made, json.getIntValue());
        return null;
    }

    private @Nullable OpenAiError messages(JsonParser json) throws IOException {
        int count = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() != JsonToken.START_OBJECT) {
                return ErrorCode.INVALID_TYPE.error(
                        "'messages' must hold objects, not " + name(json.currentToken()) + ".",
                        "messages[" + count + "]");
            }
            json.skipChildren();
            count++;
        }
        return count == 0 ? empty("messages") : null;
    }

    private @Nullable OpenAiError prompts(JsonParser json) throws IOException {
        prompts = elements(json);
        return prompts == 0 ? empty("prompt") : null;
    }

    /// A string is one text, and so is an array of token ids.
    private static int elements(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            return 1;
        }
        int count = 0;
        boolean ids = false;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            ids |= count == 0 && json.currentToken().isNumeric();
            json.skipChildren();
            count++;
        }
        return ids ? 1 : count;
    }

    private static OpenAiError empty(String field) {
        return ErrorCode.INVALID_VALUE.error("'" + field + "' must not be empty.", field);
    }

    private @Nullable OpenAiError missing() {
        for (Map.Entry<String, FieldRule> rule : rules.entrySet()) {
            if (rule.getValue().required() && !seen.contains(rule.getKey())) {
                return ErrorCode.MISSING_PARAMETER.error(
                        "'" + rule.getKey() + "' is required.", rule.getKey());
            }
        }
        return null;
    }

    private RequestHead head() {
        Edits edits = new Edits(open, modelSpan, streamOptions, streamOptionsEmpty, includeUsage);
        boolean streamed = stream && endpoint.streams();
        return new RequestHead(
                endpoint, model, streamed, wantsUsage, maxTokens, n, made, prompts, edits);
    }

    /// Just past what the parser has read.
    private int offset(JsonParser json) {
        return start + (int) json.currentLocation().getByteOffset();
    }

    private static String name(@Nullable JsonToken token) {
        return switch (token) {
            case null -> "nothing";
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case VALUE_NULL -> "null";
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
                    "something else";
        };
    }
}
