// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Reads a request's body in one pass and without a tree, because it does so for every request of a
/// benchmark.
final class AskedReader {
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    private final JsonParser in;

    private String model = "";
    private String user = "";
    private boolean stream;
    private boolean includeUsage;
    private int choices = 1;
    private int limit = Integer.MAX_VALUE;
    private String tool = "";
    private int words;
    private String lastText = "";
    private final List<Long> seeds = new ArrayList<>();
    private boolean base64;
    private int dimensions;

    private AskedReader(JsonParser in) {
        this.in = in;
    }

    /// @throws IOException if the body is not one JSON object
    static Asked read(byte[] body) throws IOException {
        try (JsonParser in = JSON.createParser(body)) {
            AskedReader reader = new AskedReader(in);
            reader.object();
            return reader.asked();
        }
    }

    private void object() throws IOException {
        if (in.nextToken() != JsonToken.START_OBJECT) {
            throw new IOException("not a JSON object");
        }
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            in.nextToken();
            field(name);
        }
        if (in.currentToken() != JsonToken.END_OBJECT || in.nextToken() != null) {
            throw new IOException("not one JSON object");
        }
    }

    private void field(String name) throws IOException {
        switch (name) {
            case "model" -> model = in.getValueAsString("");
            case "user" -> user = in.getValueAsString("");
            case "stream" -> stream = in.getValueAsBoolean(false);
            case "stream_options" -> includeUsage = RequestParts.includeUsage(in);
            case "n" -> choices = Math.clamp(in.getValueAsInt(1), 1, 128);
            case "max_tokens", "max_completion_tokens" -> limit = limit();
            case "messages" -> messages();
            case "prompt", "input" -> inputs();
            case "tools" -> tool = RequestParts.firstTool(in);
            case "encoding_format" -> base64 = "base64".equals(in.getValueAsString());
            case "dimensions" -> dimensions = in.getValueAsInt(0);
            default -> in.skipChildren();
        }
    }

    private int limit() throws IOException {
        int asked = in.getValueAsInt(0);
        return asked > 0 ? asked : limit;
    }

    private void messages() throws IOException {
        if (in.currentToken() != JsonToken.START_ARRAY) {
            in.skipChildren();
            return;
        }
        while (in.nextToken() != JsonToken.END_ARRAY) {
            if (in.currentToken() == JsonToken.START_OBJECT) {
                message();
            } else {
                in.skipChildren();
            }
        }
    }

    private void message() throws IOException {
        String role = "";
        String text = "";
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            in.nextToken();
            switch (name) {
                case "role" -> role = in.getValueAsString("");
                case "content" -> text = RequestParts.text(in);
                default -> in.skipChildren();
            }
        }
        words += Words.count(text);
        if (role.equals("user")) {
            lastText = text;
        }
    }

    /// One text, several, one list of token numbers, or several such lists.
    private void inputs() throws IOException {
        if (in.currentToken() != JsonToken.START_ARRAY) {
            text(in.getValueAsString(""));
            return;
        }
        long numbers = 0;
        int count = 0;
        while (in.nextToken() != JsonToken.END_ARRAY) {
            switch (in.currentToken()) {
                case START_ARRAY -> inputs();
                case VALUE_NUMBER_INT -> {
                    numbers = numbers * 31 + in.getLongValue();
                    count++;
                }
                default -> text(in.getValueAsString(""));
            }
        }
        if (count > 0) {
            words += count;
            seeds.add(numbers);
        }
    }

    private void text(String text) {
        words += Words.count(text);
        lastText = text;
        seeds.add((long) text.hashCode());
    }

    private Asked asked() {
        return new Asked(
                model,
                user,
                new Asked.Mode(stream, includeUsage, choices, limit, tool),
                new Asked.Prompt(words, lastText, List.copyOf(seeds)),
                new Asked.Vectors(base64, dimensions));
    }
}
