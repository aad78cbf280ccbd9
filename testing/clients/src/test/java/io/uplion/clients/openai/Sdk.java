// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.clients.openai;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import io.uplion.clients.Behaviour;
import io.uplion.clients.Client;
import io.uplion.clients.PlatformUnderTest;
import java.util.List;
import java.util.stream.Collectors;

/// The SDK as a user would set it up, and the words that all tests of it share.
final class Sdk {
    private Sdk() {}

    static String model(Behaviour behaviour) {
        return behaviour.of(Client.OPENAI_JAVA);
    }

    /// With nothing but what everybody must give: the SDK's own time-outs and retries.
    static OpenAIClient client(PlatformUnderTest platform) {
        return settings(platform).build();
    }

    static OpenAIClient withoutRetries(PlatformUnderTest platform) {
        return settings(platform).maxRetries(0).build();
    }

    static OpenAIOkHttpClient.Builder settings(PlatformUnderTest platform) {
        return OpenAIOkHttpClient.builder().baseUrl(platform.baseUrl()).apiKey(platform.apiKey());
    }

    static ChatCompletionCreateParams.Builder ask(String model) {
        return ChatCompletionCreateParams.builder().model(model).addUserMessage("Say something.");
    }

    static ChatCompletionCreateParams.Builder ask(Behaviour behaviour) {
        return ask(model(behaviour));
    }

    static List<ChatCompletionChunk> all(StreamResponse<ChatCompletionChunk> stream) {
        try (stream) {
            return stream.stream().toList();
        }
    }

    static String text(ChatCompletion completion) {
        return completion.choices().getFirst().message().content().orElseThrow();
    }

    static String text(List<ChatCompletionChunk> chunks) {
        return chunks.stream()
                .flatMap(chunk -> chunk.choices().stream())
                .map(choice -> choice.delta().content().orElse(""))
                .collect(Collectors.joining());
    }
}
