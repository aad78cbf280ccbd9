// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Reads the four forms of `prompt` and `input`: a string, strings, token ids, arrays of token ids.
final class Inputs {
    /// As many as OpenAI takes.
    private static final int MAX_INPUTS = 2048;

    private final Asked asked;
    private final String field;

    private Inputs(Asked asked, String field) {
        this.asked = asked;
        this.field = field;
    }

    /// @param field which it is, also for the error
    static List<Input> read(Asked asked, String field) {
        try {
            return new Inputs(asked, field).read();
        } catch (IOException e) {
            throw Refusal.invalidBody("'" + field + "' has a number that is far too long.");
        }
    }

    private List<Input> read() throws IOException {
        int from = asked.places().getOrDefault(field, asked.bytes().length);
        try (JsonParser json = asked.open(from)) {
            if (json.currentToken() == JsonToken.VALUE_STRING) {
                return List.of(Input.text(asked.bytes(), from));
            }
            if (json.currentToken() != JsonToken.START_ARRAY) {
                throw wrong(field);
            }
            return json.nextToken() == JsonToken.VALUE_NUMBER_INT
                    ? List.of(ids(field, json, from))
                    : elements(json, from);
        }
    }

    private List<Input> elements(JsonParser json, int from) throws IOException {
        List<Input> inputs = new ArrayList<>();
        while (json.currentToken() != JsonToken.END_ARRAY) {
            String path = field + "[" + inputs.size() + "]";
            int at = Asked.place(json, from);
            if (json.currentToken() == JsonToken.VALUE_STRING) {
                inputs.add(Input.text(asked.bytes(), at));
            } else if (json.currentToken() == JsonToken.START_ARRAY) {
                json.nextToken();
                inputs.add(ids(path, json, at));
            } else {
                throw wrong(path);
            }
            if (inputs.size() > MAX_INPUTS) {
                break;
            }
            json.nextToken();
        }
        if (inputs.isEmpty() || inputs.size() > MAX_INPUTS) {
            throw Refusal.invalidValue(
                    field, "'" + field + "' must hold 1 to " + MAX_INPUTS + " elements.");
        }
        return inputs;
    }

    /// The parser stands behind the array's bracket, and on the other one afterwards.
    private Input ids(String path, JsonParser json, int at) throws IOException {
        int count = 0;
        while (json.currentToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
                throw wrong(path);
            }
            count++;
            json.nextToken();
        }
        if (count == 0) {
            throw wrong(path);
        }
        return Input.ids(asked.bytes(), at, count);
    }

    private static Refusal wrong(String path) {
        return Refusal.invalidValue(
                path, "'" + path + "' must be a string or a non-empty array of token ids.");
    }
}
