// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import io.uplion.openai.RequestHead;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What is said to a conversation: a tool is called if there is one, so that a client's loop can be
/// tried; its answer is quoted. Else JSON where that is asked for, else text.
///
/// @param tokens length of a text that nothing cuts
record ChatAnswer(RequestHead head, Asked asked, int tokens) {

    Completion complete(long promptTokens) {
        return new Completion(choices(), promptTokens);
    }

    private List<Choice> choices() {
        JsonNode body = asked.options();
        Messages messages = Messages.read(asked);
        Limits limits = Limits.read(head, body);
        Optional<ToolChoice> tool = ToolChoice.read(body);
        if (tool.isPresent() && !messages.toolAnswered()) {
            return calls(tool.get(), limits.withoutStops());
        }
        Optional<JsonNode> json = ResponseFormat.json(body.path("response_format"), messages);
        if (json.isPresent()) {
            List<String> pieces = Pieces.of(json.get().toString());
            Choice choice = Choice.Text.of(Limited.of(pieces, limits, Finish.STOP));
            return Collections.nCopies(head.n(), choice);
        }
        AnswerText text = AnswerText.toMessages(messages, tokens);
        return List.copyOf(text.choices(limits, body.path("seed").asLong(), head.n()));
    }

    private List<Choice> calls(ToolChoice tool, Limits limits) {
        List<String> pieces = Pieces.of(tool.arguments().toString());
        Limited arguments = Limited.of(pieces, limits, Finish.TOOL_CALLS);
        return Stream.<Choice>generate(
                        () ->
                                new Choice.ToolCall(
                                        Envelope.newId("call_"),
                                        tool.function(),
                                        arguments.pieces(),
                                        arguments.finish()))
                .limit(head.n())
                .toList();
    }
}
