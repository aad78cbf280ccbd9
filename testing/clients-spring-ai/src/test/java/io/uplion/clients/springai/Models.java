// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.clients.springai;

import io.uplion.clients.Behaviour;
import io.uplion.clients.Client;
import io.uplion.clients.PlatformUnderTest;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;

/// The models as a user would set them up.
final class Models {
    static final Prompt HELLO = new Prompt("Say something.");

    private Models() {}

    static String name(Behaviour behaviour) {
        return behaviour.of(Client.SPRING_AI);
    }

    static OpenAiChatOptions.Builder options(PlatformUnderTest platform, String model) {
        return OpenAiChatOptions.builder()
                .baseUrl(platform.baseUrl())
                .apiKey(platform.apiKey())
                .model(model);
    }

    static OpenAiChatOptions.Builder options(PlatformUnderTest platform, Behaviour behaviour) {
        return options(platform, name(behaviour));
    }

    static OpenAiChatModel chat(OpenAiChatOptions.Builder options) {
        return OpenAiChatModel.builder().options(options.build()).build();
    }

    static OpenAiChatModel chat(PlatformUnderTest platform, Behaviour behaviour) {
        return chat(options(platform, behaviour));
    }

    static String text(ChatResponse response) {
        return Objects.requireNonNull(response.getResult().getOutput().getText());
    }

    static String text(List<ChatResponse> parts) {
        return parts.stream()
                .filter(part -> !part.getResults().isEmpty())
                .map(part -> Objects.requireNonNullElse(part.getResult().getOutput().getText(), ""))
                .collect(Collectors.joining());
    }
}
