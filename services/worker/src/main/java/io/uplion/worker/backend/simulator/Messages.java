// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.uplion.openai.TextInPlace;
import java.io.IOException;
import java.util.Set;

/// What the simulator takes from a conversation.
///
/// @param text the beginning of the last message a user wrote, or of the tool's answer where that
///   came last: no more is ever quoted
/// @param images how many came with it
/// @param toolAnswered the last message is a tool's answer
record Messages(String text, int images, boolean toolAnswered) {
    /// White space is folded in a quote, so this is more than it shows.
    static final int TEXT_CHARS = 4096;

    private static final int NOWHERE = -1;
    private static final Set<String> ROLES =
            Set.of("system", "developer", "user", "assistant", "tool", "function");

    static Messages read(Asked asked) {
        try {
            return new Reader(asked).read();
        } catch (IOException e) {
            throw Refusal.invalidBody("A message is far too long for the simulator.");
        }
    }

    private static final class Reader {
        private final Asked asked;
        private int user = NOWHERE;
        private Content userContent = Content.NONE;
        private Content content = Content.NONE;
        private String role = "";

        private record Content(JsonToken kind, int at) {
            static final Content NONE = new Content(JsonToken.VALUE_NULL, NOWHERE);
        }

        Reader(Asked asked) {
            this.asked = asked;
        }

        Messages read() throws IOException {
            int from = asked.places().getOrDefault("messages", asked.bytes().length);
            int count = 0;
            try (JsonParser json = asked.open(from)) {
                while (json.nextToken() == JsonToken.START_OBJECT) {
                    message(json, from, count++);
                }
            }
            int last = count - 1;
            if (role.equals("tool")) {
                return content(content, last, true);
            }
            return user == NOWHERE ? new Messages("", 0, false) : content(userContent, user, false);
        }

        private void message(JsonParser json, int from, int index) throws IOException {
            role = "";
            content = Content.NONE;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                JsonToken token = json.nextToken();
                if (field.equals("role") && token == JsonToken.VALUE_STRING) {
                    role = json.getText();
                } else if (field.equals("content")) {
                    content = new Content(token, Asked.place(json, from));
                }
                json.skipChildren();
            }
            if (!ROLES.contains(role)) {
                throw Refusal.invalidValue(
                        "messages[" + index + "].role", "'role' must be one of " + names() + ".");
            }
            if (role.equals("user")) {
                user = index;
                userContent = content;
            }
        }

        private static String names() {
            return String.join(", ", ROLES.stream().sorted().toList());
        }

        private Messages content(Content said, int index, boolean toolAnswered) throws IOException {
            return switch (said.kind()) {
                case VALUE_STRING -> new Messages(beginning(said.at()), 0, toolAnswered);
                case VALUE_NULL -> new Messages("", 0, toolAnswered);
                case START_ARRAY -> {
                    try (JsonParser json = asked.open(said.at())) {
                        yield parts(json, said.at(), toolAnswered);
                    }
                }
                default ->
                        throw Refusal.invalidValue(
                                "messages[" + index + "].content",
                                "'content' must be a string or an array.");
            };
        }

        private Messages parts(JsonParser json, int from, boolean toolAnswered) throws IOException {
            StringBuilder said = new StringBuilder();
            int images = 0;
            while (json.nextToken() != JsonToken.END_ARRAY) {
                if (json.currentToken() != JsonToken.START_OBJECT) {
                    json.skipChildren();
                    continue;
                }
                Part part = part(json, from);
                switch (part.type()) {
                    case "text" -> add(part, said);
                    case "image_url" -> images++;
                    default -> {
                        // Sound and files: nothing is said about them.
                    }
                }
            }
            return new Messages(said.toString(), images, toolAnswered);
        }

        private record Part(String type, int text) {}

        private static Part part(JsonParser json, int from) throws IOException {
            String type = "";
            int text = NOWHERE;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                boolean string = json.nextToken() == JsonToken.VALUE_STRING;
                if (string && field.equals("type")) {
                    type = json.getText();
                } else if (string && field.equals("text")) {
                    text = Asked.place(json, from);
                }
                json.skipChildren();
            }
            return new Part(type, text);
        }

        private void add(Part part, StringBuilder said) {
            if (said.length() < TEXT_CHARS) {
                said.append(said.isEmpty() ? "" : " ");
                said.append(part.text() == NOWHERE ? "" : beginning(part.text()));
            }
        }

        private String beginning(int at) {
            return TextInPlace.beginning(asked.bytes(), at, TEXT_CHARS);
        }
    }
}
