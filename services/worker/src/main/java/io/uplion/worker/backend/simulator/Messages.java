// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/// What the simulator takes from a conversation.
///
/// @param text of the last message a user wrote, or of the tool's answer where that came last
/// @param images how many came with it
/// @param toolAnswered the last message is a tool's answer
record Messages(String text, int images, boolean toolAnswered) {
    private static final Set<String> ROLES =
            Set.of("system", "developer", "user", "assistant", "tool", "function");

    static Messages read(JsonNode messages) {
        int user = -1;
        for (int i = 0; i < messages.size(); i++) {
            if (role(messages.get(i), i).equals("user")) {
                user = i;
            }
        }
        int last = messages.size() - 1;
        boolean toolAnswered = last >= 0 && messages.get(last).path("role").asText().equals("tool");
        int spoken = toolAnswered ? last : user;
        return spoken < 0
                ? new Messages("", 0, false)
                : read(messages.get(spoken).path("content"), spoken, toolAnswered);
    }

    private static String role(JsonNode message, int index) {
        String role = message.path("role").asText();
        if (!ROLES.contains(role)) {
            throw Refusal.invalidValue(
                    "messages[" + index + "].role", "'role' must be one of " + names() + ".");
        }
        return role;
    }

    private static String names() {
        return String.join(", ", ROLES.stream().sorted().toList());
    }

    private static Messages read(JsonNode content, int index, boolean toolAnswered) {
        if (content.isTextual()) {
            return new Messages(content.textValue(), 0, toolAnswered);
        }
        if (!content.isArray() && !content.isNull() && !content.isMissingNode()) {
            throw Refusal.invalidValue(
                    "messages[" + index + "].content", "'content' must be a string or an array.");
        }
        StringBuilder text = new StringBuilder();
        int images = 0;
        for (JsonNode part : content) {
            switch (part.path("type").asText()) {
                case "text" -> text.append(text.isEmpty() ? "" : " ").append(text(part));
                case "image_url" -> images++;
                default -> {
                    // Sound and files: nothing is said about them.
                }
            }
        }
        return new Messages(text.toString(), images, toolAnswered);
    }

    private static String text(JsonNode part) {
        return part.path("text").asText();
    }
}
