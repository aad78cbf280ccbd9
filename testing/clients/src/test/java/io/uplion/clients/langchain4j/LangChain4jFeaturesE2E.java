// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.clients.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.output.FinishReason;
import io.uplion.clients.Behaviour;
import io.uplion.clients.OnePlatform;
import io.uplion.clients.PlatformUnderTest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnePlatform.class)
final class LangChain4jFeaturesE2E {
    private static final UserMessage QUESTION = UserMessage.from("How is the weather in Berlin?");
    private static final JsonObjectSchema PLACE =
            JsonObjectSchema.builder()
                    .addStringProperty("city")
                    .addIntegerProperty("days")
                    .required("city", "days")
                    .build();
    private static final ToolSpecification WEATHER =
            ToolSpecification.builder().name("weather").parameters(PLACE).build();

    private final PlatformUnderTest platform;

    LangChain4jFeaturesE2E(PlatformUnderTest platform) {
        this.platform = platform;
    }

    private static ChatRequest asked() {
        return ChatRequest.builder().messages(QUESTION).toolSpecifications(WEATHER).build();
    }

    private ChatResponse answered(ChatResponse asked) {
        var call = asked.aiMessage().toolExecutionRequests().getFirst();
        assertThat(call.name()).isEqualTo("weather");
        assertThat(call.arguments()).contains("\"city\"");
        var answer = ToolExecutionResultMessage.from(call, "Sunny.");
        return Models.chat(platform, "simulator")
                .build()
                .chat(
                        ChatRequest.builder()
                                .messages(QUESTION, asked.aiMessage(), answer)
                                .toolSpecifications(WEATHER)
                                .build());
    }

    @Test
    void toolIsCalledAndItsAnswerIsUsed() {
        var asked = Models.chat(platform, "simulator").build().chat(asked());

        assertThat(asked.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
        assertThat(answered(asked).aiMessage().text()).contains("The tool answered: “Sunny.”");
    }

    @Test
    void streamedToolCallAddsUp() {
        var asked = Heard.of(Models.streaming(platform, "simulator"), asked()).response();

        assertThat(answered(asked).aiMessage().text()).contains("Sunny.");
    }

    @Test
    void argumentsInPiecesAddUp() {
        var asked = Heard.of(Models.streaming(platform, Behaviour.CALLER), asked()).response();

        assertThat(asked.aiMessage().toolExecutionRequests().getFirst().arguments())
                .isEqualTo("{\"city\":\"Berlin\"}");
    }

    @Test
    void imageReachesTheProviderAsItWasSent() {
        var image = ImageContent.from("iVBORw0KGgo=", "image/png");
        Models.chat(platform, Behaviour.FAKE)
                .build()
                .chat(UserMessage.from(TextContent.from("What is this?"), image));

        assertThat(platform.lastBody(Models.name(Behaviour.FAKE)).replaceAll("\\s", ""))
                .contains("\"image_url\"", "\"data:image/png;base64,iVBORw0KGgo=\"");
    }

    @Test
    void answerHasTheShapeAskedFor() {
        var schema = JsonSchema.builder().name("place").rootElement(PLACE).build();
        var format =
                ResponseFormat.builder().type(ResponseFormatType.JSON).jsonSchema(schema).build();
        var request = ChatRequest.builder().messages(QUESTION).responseFormat(format).build();
        var response =
                Models.chat(platform, "simulator").strictJsonSchema(true).build().chat(request);

        assertThat(response.aiMessage().text()).matches("\\{\"city\":\".+\",\"days\":-?\\d+}");
    }

    @Test
    void embeddingsComeBackInOrder() {
        var model =
                OpenAiEmbeddingModel.builder()
                        .baseUrl(platform.baseUrl())
                        .apiKey(platform.apiKey())
                        .modelName(Models.name(Behaviour.FAKE))
                        .build();
        var inputs = List.of("one", "two", "one").stream().map(TextSegment::from).toList();
        var embeddings = model.embedAll(inputs).content();

        assertThat(embeddings).hasSize(3);
        assertThat(embeddings.getFirst().vector()).hasSize(1536);
        assertThat(embeddings.getFirst()).isEqualTo(embeddings.get(2));
        assertThat(embeddings.getFirst()).isNotEqualTo(embeddings.get(1));
    }
}
