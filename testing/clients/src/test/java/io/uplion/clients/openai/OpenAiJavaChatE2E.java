// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.clients.openai;

import static io.uplion.clients.openai.Sdk.all;
import static io.uplion.clients.openai.Sdk.ask;
import static io.uplion.clients.openai.Sdk.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.models.Model;
import io.uplion.clients.Behaviour;
import io.uplion.clients.OnePlatform;
import io.uplion.clients.PlatformUnderTest;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnePlatform.class)
final class OpenAiJavaChatE2E {
    private static final String EIGHT_TOKENS = "t0 t1 t2 t3 t4 t5 t6 t7";

    private final OpenAIClient client;

    OpenAiJavaChatE2E(PlatformUnderTest platform) {
        this.client = Sdk.client(platform);
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void chatIsAnswered() {
        var completion = client.chat().completions().create(ask(Behaviour.FAKE).build());

        assertThat(text(completion)).isEqualTo(EIGHT_TOKENS);
        assertThat(completion.choices().getFirst().finishReason())
                .isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
        assertThat(completion.usage().orElseThrow().completionTokens()).isEqualTo(8);
    }

    @Test
    void modelWithoutAnyProviderAnswers() {
        var completion = client.chat().completions().create(ask("simulator").build());

        assertThat(text(completion)).startsWith("This is UPLION's simulator");
    }

    @Test
    void severalChoicesComeBack() {
        var completion = client.chat().completions().create(ask(Behaviour.FAKE).n(3).build());

        assertThat(completion.choices()).extracting(choice -> choice.index()).contains(0L, 1L, 2L);
    }

    @Test
    void streamedTokensComeInOrder() {
        var stream = client.chat().completions().createStreaming(ask(Behaviour.FAKE).build());

        assertThat(text(all(stream))).isEqualTo(EIGHT_TOKENS);
    }

    @Test
    void streamAddsUpToTheWholeAnswer() {
        var accumulator = ChatCompletionAccumulator.create();
        all(client.chat().completions().createStreaming(ask(Behaviour.FAKE).build()))
                .forEach(accumulator::accumulate);

        assertThat(text(accumulator.chatCompletion())).isEqualTo(EIGHT_TOKENS);
    }

    @Test
    void usageIsStreamedToWhomItAskedFor() {
        var usage = ChatCompletionStreamOptions.builder().includeUsage(true).build();
        var request = ask(Behaviour.FAKE).streamOptions(usage).build();
        var chunks = all(client.chat().completions().createStreaming(request));

        assertThat(chunks.getLast().choices()).isEmpty();
        assertThat(chunks.getLast().usage().orElseThrow().completionTokens()).isEqualTo(8);
    }

    @Test
    void usageIsNotStreamedToOthers() {
        var chunks = all(client.chat().completions().createStreaming(ask(Behaviour.FAKE).build()));

        assertThat(chunks).allMatch(chunk -> chunk.usage().isEmpty());
        assertThat(chunks).noneMatch(chunk -> chunk.choices().isEmpty());
    }

    @Test
    void usageIsCountedWhereTheProviderGivesNone() {
        var usage = ChatCompletionStreamOptions.builder().includeUsage(true).build();
        var request = ask(Behaviour.ODD_FRAMES).streamOptions(usage).build();
        var chunks = all(client.chat().completions().createStreaming(request));

        assertThat(chunks.getLast().usage().orElseThrow().completionTokens()).isPositive();
    }

    @Test
    void oddlyFramedStreamArrivesWhole() {
        var stream = client.chat().completions().createStreaming(ask(Behaviour.ODD_FRAMES).build());

        var text = text(all(stream));
        assertThat(text).contains("t0", "t7").doesNotContain("\uFFFD");
        assertThat(text.codePoints().anyMatch(c -> c > 0xFFFF)).isTrue();
    }

    @Test
    void commentsBeforeTheFirstTokenDoNotDisturb() {
        var chunks = all(client.chat().completions().createStreaming(ask(Behaviour.LATE).build()));

        assertThat(text(chunks)).isEqualTo(EIGHT_TOKENS);
        assertThat(chunks).extracting(ChatCompletionChunk::id).containsOnly(chunks.getFirst().id());
    }

    @Test
    void requestIdIsExposed() {
        try (var response =
                client.chat().completions().withRawResponse().create(ask("simulator").build())) {
            assertThat(response.requestId()).hasValueSatisfying(id -> assertThat(id).isNotBlank());
        }
    }

    @Test
    void legacyCompletionIsAnswered() {
        var completion = client.completions().create(prompt());

        assertThat(completion.choices().getFirst().text()).isEqualTo(EIGHT_TOKENS);
    }

    @Test
    void legacyCompletionIsStreamed() {
        try (var stream = client.completions().createStreaming(prompt())) {
            assertThat(
                            stream.stream()
                                    .map(Completion::choices)
                                    .map(choices -> choices.getFirst().text())
                                    .collect(Collectors.joining()))
                    .isEqualTo(EIGHT_TOKENS);
        }
    }

    private static CompletionCreateParams prompt() {
        return CompletionCreateParams.builder()
                .model(Sdk.model(Behaviour.FAKE))
                .prompt("Once upon")
                .build();
    }

    @Test
    void modelsAreListed() {
        assertThat(client.models().list().data())
                .extracting(Model::id)
                .contains("simulator", Sdk.model(Behaviour.FAKE));
        assertThat(client.models().retrieve("simulator").id()).isEqualTo("simulator");
    }
}
