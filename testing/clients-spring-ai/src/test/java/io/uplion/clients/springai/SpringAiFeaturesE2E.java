// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.clients.springai;

import static io.uplion.clients.springai.Models.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.clients.Behaviour;
import io.uplion.clients.OnePlatform;
import io.uplion.clients.PlatformUnderTest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.Media;
import org.springframework.ai.converter.BeanOutputConverter;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.model.tool.ToolCallingManager;
import org.springframework.ai.openai.OpenAiChatModel.ResponseFormat;
import org.springframework.ai.openai.OpenAiEmbeddingModel;
import org.springframework.ai.openai.OpenAiEmbeddingOptions;
import org.springframework.ai.tool.function.FunctionToolCallback;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.MimeTypeUtils;

@ExtendWith(OnePlatform.class)
final class SpringAiFeaturesE2E {
    private static final byte[] IMAGE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final PlatformUnderTest platform;

    SpringAiFeaturesE2E(PlatformUnderTest platform) {
        this.platform = platform;
    }

    /// What a tool is asked, and the shape of an answer.
    record Place(String city, int days) {}

    @Test
    void toolIsCalledAndItsAnswerIsUsed() {
        var weather =
                FunctionToolCallback.builder("weather", (Place _) -> "Sunny.")
                        .description("Looks up the weather.")
                        .inputType(Place.class)
                        .build();
        var options = Models.options(platform, "simulator").toolCallbacks(weather);
        var model = Models.chat(options);
        var prompt = new Prompt("How is the weather in Berlin?", options.build());
        var asked = model.call(prompt);

        assertThat(asked.hasToolCalls()).isTrue();
        var done = ToolCallingManager.builder().build().executeToolCalls(prompt, asked);
        var answer = model.call(new Prompt(done.conversationHistory(), options.build()));
        assertThat(text(answer)).contains("Sunny.");
    }

    @Test
    void argumentsOfAStreamedToolCallAddUp() {
        var weather =
                FunctionToolCallback.builder("weather", (Place _) -> "Sunny.")
                        .description("Looks up the weather.")
                        .inputType(Place.class)
                        .build();
        var options = Models.options(platform, Behaviour.CALLER).toolCallbacks(weather);
        var prompt = new Prompt("How is the weather in Berlin?", options.build());
        var parts = Models.chat(options).stream(prompt).collectList().block(LIMIT);

        assertThat(parts)
                .flatExtracting(part -> part.getResults())
                .flatExtracting(result -> result.getOutput().getToolCalls())
                .extracting(call -> call.arguments())
                .containsExactly("{\"city\":\"Berlin\"}");
    }

    @Test
    void imageReachesTheProviderAsItWasSent() {
        var image = new Media(MimeTypeUtils.IMAGE_PNG, new ByteArrayResource(IMAGE));
        var message = UserMessage.builder().text("What is this?").media(image).build();
        Models.chat(platform, Behaviour.FAKE).call(new Prompt(message));

        assertThat(platform.lastBody(Models.name(Behaviour.FAKE)))
                .contains("\"image_url\"", "\"data:image/png;base64,iVBORw0KGgo=\"");
    }

    @Test
    void answerHasTheShapeAskedFor() {
        var converter = new BeanOutputConverter<>(Place.class);
        var format =
                ResponseFormat.builder()
                        .type(ResponseFormat.Type.JSON_SCHEMA)
                        .jsonSchema(converter.getJsonSchema())
                        .build();
        var options = Models.options(platform, "simulator").responseFormat(format);
        var response = Models.chat(options).call(Models.HELLO);

        assertThat(converter.convert(text(response)).city()).isNotEmpty();
    }

    @Test
    void embeddingsComeBackInOrder() {
        var options =
                OpenAiEmbeddingOptions.builder()
                        .baseUrl(platform.baseUrl())
                        .apiKey(platform.apiKey())
                        .model(Models.name(Behaviour.FAKE))
                        .build();
        var model = OpenAiEmbeddingModel.builder().options(options).build();
        var inputs = List.of("one", "two", "one");
        var vectors = model.call(new EmbeddingRequest(inputs, options)).getResults();

        assertThat(vectors).hasSize(3);
        assertThat(vectors.getFirst().getOutput()).hasSize(1536);
        assertThat(vectors.getFirst().getOutput()).isEqualTo(vectors.get(2).getOutput());
        assertThat(vectors.getFirst().getOutput()).isNotEqualTo(vectors.get(1).getOutput());
    }
}
