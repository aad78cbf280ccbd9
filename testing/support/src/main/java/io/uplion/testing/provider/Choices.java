// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

/// How one endpoint writes a choice, whole and in pieces. Choices are numbered from 0.
sealed interface Choices {
    Tokens tokens();

    /// The event before the first token; empty where the endpoint has none.
    String opening(int choice);

    String delta(int choice, int token);

    String finish(int choice);

    String whole(int choice);

    /// `/v1/chat/completions` with text.
    record Chat(Tokens tokens, String reason) implements Choices {
        @Override
        public String opening(int choice) {
            return piece(
                    choice, "{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}", "null");
        }

        @Override
        public String delta(int choice, int token) {
            String text = JsonText.quoted(tokens.token(token));
            return piece(choice, "{\"content\":" + text + "}", "null");
        }

        @Override
        public String finish(int choice) {
            return piece(choice, "{}", "\"" + reason + "\"");
        }

        @Override
        public String whole(int choice) {
            return message(
                    choice,
                    "{\"role\":\"assistant\",\"content\":"
                            + JsonText.quoted(tokens.whole())
                            + ",\"refusal\":null,\"annotations\":[]}",
                    reason);
        }
    }

    /// `/v1/chat/completions` with one tool call per choice.
    record ToolCall(Tokens tokens, String function, long serial) implements Choices {
        @Override
        public String opening(int choice) {
            String delta =
                    "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"index\":0,"
                            + call(choice, "")
                            + "}],\"refusal\":null}";
            return piece(choice, delta, "null");
        }

        @Override
        public String delta(int choice, int token) {
            String arguments = JsonText.quoted(tokens.token(token));
            String delta =
                    "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":"
                            + arguments
                            + "}}]}";
            return piece(choice, delta, "null");
        }

        @Override
        public String finish(int choice) {
            return piece(choice, "{}", "\"tool_calls\"");
        }

        @Override
        public String whole(int choice) {
            return message(
                    choice,
                    "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{"
                            + call(choice, tokens.whole())
                            + "}],\"refusal\":null,\"annotations\":[]}",
                    "tool_calls");
        }

        private String call(int choice, String arguments) {
            return "\"id\":\"call_fake_%d_%d\",\"type\":\"function\",\"function\":"
                            .formatted(serial, choice)
                    + "{\"name\":"
                    + JsonText.quoted(function)
                    + ",\"arguments\":"
                    + JsonText.quoted(arguments)
                    + "}";
        }
    }

    /// `/v1/completions`.
    record Plain(Tokens tokens, String reason) implements Choices {
        @Override
        public String opening(int choice) {
            return "";
        }

        @Override
        public String delta(int choice, int token) {
            return text(choice, tokens.token(token), "null");
        }

        @Override
        public String finish(int choice) {
            return text(choice, "", "\"" + reason + "\"");
        }

        @Override
        public String whole(int choice) {
            return text(choice, tokens.whole(), "\"" + reason + "\"");
        }

        private static String text(int choice, String text, String reason) {
            return "{\"text\":"
                    + JsonText.quoted(text)
                    + ",\"index\":"
                    + choice
                    + ",\"logprobs\":null,\"finish_reason\":"
                    + reason
                    + "}";
        }
    }

    private static String piece(int choice, String delta, String reason) {
        return "{\"index\":"
                + choice
                + ",\"delta\":"
                + delta
                + ",\"logprobs\":null,\"finish_reason\":"
                + reason
                + "}";
    }

    private static String message(int choice, String message, String reason) {
        return "{\"index\":"
                + choice
                + ",\"message\":"
                + message
                + ",\"logprobs\":null,\"finish_reason\":\""
                + reason
                + "\"}";
    }
}
