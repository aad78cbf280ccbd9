// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.clients.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.catalog.ModelDescription;
import dev.langchain4j.model.openai.OpenAiLanguageModel;
import dev.langchain4j.model.openai.OpenAiModelCatalog;
import dev.langchain4j.model.output.FinishReason;
import io.uplion.clients.Behaviour;
import io.uplion.clients.OnePlatform;
import io.uplion.clients.PlatformUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnePlatform.class)
final class LangChain4jChatE2E {
    private static final String EIGHT_TOKENS = "t0 t1 t2 t3 t4 t5 t6 t7";
    private static final UserMessage HELLO = UserMessage.from("Say something.");

    private final PlatformUnderTest platform;

    LangChain4jChatE2E(PlatformUnderTest platform) {
        this.platform = platform;
    }

    @Test
    void chatIsAnswered() {
        var response = Models.chat(platform, Behaviour.FAKE).build().chat(HELLO);

        assertThat(response.aiMessage().text()).isEqualTo(EIGHT_TOKENS);
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(response.tokenUsage().outputTokenCount()).isEqualTo(8);
    }

    @Test
    void requestIdIsExposed() {
        var response = Models.chat(platform, Behaviour.FAKE).build().chat(HELLO);

        assertThat(Models.metadata(response).rawHttpResponse().headers())
                .containsKey("x-request-id");
    }

    @Test
    void streamedTokensComeInOrder() {
        var heard = Heard.of(Models.streaming(platform, Behaviour.FAKE), HELLO);

        assertThat(heard.response().aiMessage().text()).isEqualTo(EIGHT_TOKENS);
        assertThat(heard.text()).isEqualTo(EIGHT_TOKENS);
    }

    @Test
    void usageIsStreamed() {
        var heard = Heard.of(Models.streaming(platform, Behaviour.FAKE), HELLO);

        assertThat(heard.response().tokenUsage().outputTokenCount()).isEqualTo(8);
    }

    @Test
    void oddlyFramedStreamArrivesWhole() {
        var heard = Heard.of(Models.streaming(platform, Behaviour.ODD_FRAMES), HELLO);

        assertThat(heard.response().aiMessage().text())
                .contains("t0", "t7")
                .doesNotContain("\uFFFD");
    }

    @Test
    void commentsBeforeTheFirstTokenDoNotDisturb() {
        var heard = Heard.of(Models.streaming(platform, Behaviour.LATE), HELLO);

        assertThat(heard.response().aiMessage().text()).isEqualTo(EIGHT_TOKENS);
    }

    @Test
    void legacyCompletionIsAnswered() {
        var model =
                OpenAiLanguageModel.builder()
                        .baseUrl(platform.baseUrl())
                        .apiKey(platform.apiKey())
                        .modelName(Models.name(Behaviour.FAKE))
                        .build();

        assertThat(model.generate("Once upon").content()).isEqualTo(EIGHT_TOKENS);
    }

    @Test
    void modelsAreListed() {
        var catalog =
                OpenAiModelCatalog.builder()
                        .baseUrl(platform.baseUrl())
                        .apiKey(platform.apiKey())
                        .build();

        assertThat(catalog.listModels())
                .extracting(ModelDescription::name)
                .contains("simulator", Models.name(Behaviour.FAKE));
    }
}
