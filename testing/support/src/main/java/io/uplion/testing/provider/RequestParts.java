// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/// Values inside a request that the fake looks into. Each call finds the parser on the value's
/// first token and leaves it on its last.
final class RequestParts {
    private RequestParts() {}

    /// Of `stream_options`.
    static boolean includeUsage(JsonParser in) throws IOException {
        boolean includeUsage = false;
        if (in.currentToken() != JsonToken.START_OBJECT) {
            in.skipChildren();
            return false;
        }
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            in.nextToken();
            if (name.equals("include_usage")) {
                includeUsage = in.getValueAsBoolean(false);
            }
            in.skipChildren();
        }
        return includeUsage;
    }

    /// Of a message's `content`: a string, or an array of parts of which the texts count.
    static String text(JsonParser in) throws IOException {
        if (in.currentToken() != JsonToken.START_ARRAY) {
            String text = in.getValueAsString("");
            in.skipChildren();
            return text;
        }
        StringBuilder texts = new StringBuilder();
        for (int depth = 1; depth > 0; ) {
            JsonToken token = in.nextToken();
            if (token == JsonToken.VALUE_STRING && "text".equals(in.currentName())) {
                texts.append(in.getText());
            }
            depth += nesting(token);
        }
        return texts.toString();
    }

    /// Of `tools`: the first function's name; empty where there is none.
    static String firstTool(JsonParser in) throws IOException {
        String tool = "";
        for (int depth = nesting(in.currentToken()); depth > 0; ) {
            JsonToken token = in.nextToken();
            boolean name = token == JsonToken.VALUE_STRING && "name".equals(in.currentName());
            if (name && depth == 3 && tool.isEmpty()) {
                tool = in.getText();
            }
            depth += nesting(token);
        }
        return tool;
    }

    private static int nesting(JsonToken token) {
        if (token.isStructStart()) {
            return 1;
        }
        return token.isStructEnd() ? -1 : 0;
    }
}
