// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.clients.springai;

import static io.uplion.clients.springai.Models.HELLO;
import static io.uplion.clients.springai.Models.chat;
import static io.uplion.clients.springai.Models.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.clients.Behaviour;
import io.uplion.clients.OnePlatform;
import io.uplion.clients.PlatformUnderTest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.openai.OpenAiChatModel;

@ExtendWith(OnePlatform.class)
final class SpringAiChatE2E {
    private static final String EIGHT_TOKENS = "t0 t1 t2 t3 t4 t5 t6 t7";

    private final PlatformUnderTest platform;

    SpringAiChatE2E(PlatformUnderTest platform) {
        this.platform = platform;
    }

    @Test
    void chatIsAnswered() {
        var response = chat(platform, Behaviour.FAKE).call(HELLO);

        assertThat(text(response)).isEqualTo(EIGHT_TOKENS);
        assertThat(response.getResult().getMetadata().getFinishReason()).isEqualTo("STOP");
        assertThat(response.getMetadata().getUsage().getCompletionTokens()).isEqualTo(8);
    }

    private static List<ChatResponse> streamed(OpenAiChatModel model) {
        return model.stream(HELLO).collectList().block(Duration.ofSeconds(20));
    }

    @Test
    void streamedTokensComeInOrder() {
        assertThat(text(streamed(chat(platform, Behaviour.FAKE)))).isEqualTo(EIGHT_TOKENS);
    }

    @Test
    void usageIsStreamedToWhomItAskedFor() {
        var options = Models.options(platform, Behaviour.FAKE).streamUsage(true);
        var last = streamed(chat(options)).getLast();

        assertThat(last.getMetadata().getUsage().getCompletionTokens()).isEqualTo(8);
    }

    @Test
    void usageIsNotStreamedToOthers() {
        var options = Models.options(platform, Behaviour.FAKE).streamUsage(false);

        assertThat(streamed(chat(options)))
                .allMatch(part -> part.getMetadata().getUsage().getTotalTokens() == 0);
    }

    @Test
    void oddlyFramedStreamArrivesWhole() {
        assertThat(text(streamed(chat(platform, Behaviour.ODD_FRAMES))))
                .contains("t0", "t7")
                .doesNotContain("\uFFFD");
    }

    @Test
    void commentsBeforeTheFirstTokenDoNotDisturb() {
        assertThat(text(streamed(chat(platform, Behaviour.LATE)))).isEqualTo(EIGHT_TOKENS);
    }

    @Test
    void cancelledStreamStopsTheProvider() {
        var some =
                chat(platform, Behaviour.ENDLESS).stream(HELLO)
                        .take(5)
                        .collectList()
                        .block(Duration.ofSeconds(20));

        assertThat(some).hasSize(5);
        platform.awaitGone(Models.name(Behaviour.ENDLESS));
    }
}
