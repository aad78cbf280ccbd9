// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.clients.openai;

import static io.uplion.clients.openai.Sdk.all;
import static io.uplion.clients.openai.Sdk.ask;
import static io.uplion.clients.openai.Sdk.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.openai.client.OpenAIClient;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.embeddings.EmbeddingCreateParams;
import io.uplion.clients.Behaviour;
import io.uplion.clients.OnePlatform;
import io.uplion.clients.PlatformUnderTest;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnePlatform.class)
final class OpenAiJavaFeaturesE2E {
    private static final String IMAGE = "data:image/png;base64,iVBORw0KGgo=";

    private final PlatformUnderTest platform;
    private final OpenAIClient client;

    OpenAiJavaFeaturesE2E(PlatformUnderTest platform) {
        this.platform = platform;
        this.client = Sdk.client(platform);
    }

    @AfterEach
    void close() {
        client.close();
    }

    /// A tool, and the shape of an answer.
    @JsonClassDescription("Looks up the weather of a city.")
    static final class Weather {
        public String city = "";
        public int days;
    }

    @Test
    void toolIsCalledAndItsAnswerIsUsed() {
        var request = ask("simulator").addTool(Weather.class);
        var asked = client.chat().completions().create(request.build());
        var call = call(asked);

        assertThat(call.function().name()).isEqualTo("Weather");
        assertThat(call.function().arguments(Weather.class).city).isNotNull();
        assertThat(text(answered(request, asked, call))).contains("The tool answered: “Sunny.”");
    }

    @Test
    void streamedToolCallAddsUp() {
        var request = ask("simulator").addTool(Weather.class);
        var asked = accumulated(request.build());

        assertThat(call(asked).function().arguments(Weather.class).city).isNotNull();
        assertThat(text(answered(request, asked, call(asked)))).contains("Sunny.");
    }

    @Test
    void argumentsInPiecesAddUp() {
        var asked = accumulated(ask(Behaviour.CALLER).addTool(Weather.class).build());

        assertThat(call(asked).function().arguments()).isEqualTo("{\"city\":\"Berlin\"}");
        assertThat(asked.choices().getFirst().finishReason())
                .isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
    }

    private ChatCompletion accumulated(ChatCompletionCreateParams request) {
        var accumulator = ChatCompletionAccumulator.create();
        all(client.chat().completions().createStreaming(request)).forEach(accumulator::accumulate);
        return accumulator.chatCompletion();
    }

    private static ChatCompletionMessageFunctionToolCall call(ChatCompletion completion) {
        var calls = completion.choices().getFirst().message().toolCalls().orElseThrow();
        assertThat(calls).hasSize(1);
        return calls.getFirst().asFunction();
    }

    private ChatCompletion answered(
            ChatCompletionCreateParams.Builder request,
            ChatCompletion asked,
            ChatCompletionMessageFunctionToolCall call) {
        var answer =
                ChatCompletionToolMessageParam.builder()
                        .toolCallId(call.id())
                        .content("Sunny.")
                        .build();
        return client.chat()
                .completions()
                .create(
                        request.addMessage(asked.choices().getFirst().message())
                                .addMessage(answer)
                                .build());
    }

    @Test
    void imageReachesTheProviderAsItWasSent() {
        client.chat().completions().create(withImage(Sdk.model(Behaviour.FAKE)));

        assertThat(platform.lastBody(Sdk.model(Behaviour.FAKE)))
                .contains("\"image_url\"", "\"" + IMAGE + "\"", "What is this?");
    }

    @Test
    void imageIsSeenByTheModel() {
        var completion = client.chat().completions().create(withImage("simulator"));

        assertThat(text(completion)).contains("You sent 1 image");
    }

    private static ChatCompletionCreateParams withImage(String model) {
        var text = ChatCompletionContentPartText.builder().text("What is this?").build();
        var url = ChatCompletionContentPartImage.ImageUrl.builder().url(IMAGE).build();
        var image = ChatCompletionContentPartImage.builder().imageUrl(url).build();
        return ChatCompletionCreateParams.builder()
                .model(model)
                .addUserMessageOfArrayOfContentParts(
                        List.of(
                                ChatCompletionContentPart.ofText(text),
                                ChatCompletionContentPart.ofImageUrl(image)))
                .build();
    }

    @Test
    void answerHasTheShapeAskedFor() {
        var request = ask("simulator").responseFormat(Weather.class).build();
        var completion = client.chat().completions().create(request);

        Weather weather = completion.choices().getFirst().message().content().orElseThrow();
        assertThat(weather.city).isNotEmpty();
    }

    @Test
    void embeddingsAreDecodedAsTheSdkAsksForThem() {
        var model = Sdk.model(Behaviour.FAKE);
        var inputs = List.of("one", "two", "one");
        var request =
                EmbeddingCreateParams.builder().model(model).inputOfArrayOfStrings(inputs).build();
        var embeddings = client.embeddings().create(request).data();

        assertThat(platform.lastBody(model)).contains("\"encoding_format\":\"base64\"");
        assertThat(embeddings).hasSize(3);
        assertThat(embeddings.getFirst().embedding()).hasSize(1536);
        assertThat(embeddings.getFirst().embedding()).isEqualTo(embeddings.get(2).embedding());
        assertThat(embeddings.getFirst().embedding()).isNotEqualTo(embeddings.get(1).embedding());
    }

    @Test
    void embeddingsComeAsNumbersToo() {
        var request = EmbeddingCreateParams.builder().model("simulator").input("one");
        var floats = EmbeddingCreateParams.EncodingFormat.FLOAT;

        assertThat(client.embeddings().create(request.encodingFormat(floats).build()).data())
                .first()
                .satisfies(embedding -> assertThat(embedding.embedding()).hasSizeGreaterThan(1));
    }
}
