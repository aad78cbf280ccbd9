// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.clients.langchain4j;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiChatResponseMetadata;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import io.uplion.clients.Behaviour;
import io.uplion.clients.Client;
import io.uplion.clients.PlatformUnderTest;

/// The models as a user would set them up.
final class Models {
    private Models() {}

    static String name(Behaviour behaviour) {
        return behaviour.of(Client.LANGCHAIN4J);
    }

    static OpenAiChatModel.OpenAiChatModelBuilder chat(PlatformUnderTest platform, String model) {
        return OpenAiChatModel.builder()
                .baseUrl(platform.baseUrl())
                .apiKey(platform.apiKey())
                .modelName(model);
    }

    static OpenAiChatModel.OpenAiChatModelBuilder chat(
            PlatformUnderTest platform, Behaviour behaviour) {
        return chat(platform, name(behaviour));
    }

    static OpenAiStreamingChatModel streaming(PlatformUnderTest platform, String model) {
        return OpenAiStreamingChatModel.builder()
                .baseUrl(platform.baseUrl())
                .apiKey(platform.apiKey())
                .modelName(model)
                .build();
    }

    static OpenAiStreamingChatModel streaming(PlatformUnderTest platform, Behaviour behaviour) {
        return streaming(platform, name(behaviour));
    }

    static OpenAiChatResponseMetadata metadata(ChatResponse response) {
        return (OpenAiChatResponseMetadata) response.metadata();
    }
}
