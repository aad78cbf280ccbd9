// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.clients.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.uplion.clients.Behaviour;
import io.uplion.clients.OnePlatform;
import io.uplion.clients.PlatformUnderTest;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(OnePlatform.class)
final class LangChain4jErrorsE2E {
    private static final UserMessage HELLO = UserMessage.from("Say something.");

    private final PlatformUnderTest platform;

    LangChain4jErrorsE2E(PlatformUnderTest platform) {
        this.platform = platform;
    }

    @Test
    void wrongKeyIsUnauthorized() {
        var model = Models.chat(platform, Behaviour.FAKE).apiKey("upl_wrong").build();

        assertThatThrownBy(() -> model.chat(HELLO))
                .isInstanceOf(AuthenticationException.class)
                .hasMessageContaining("invalid_api_key");
    }

    @Test
    void unknownModelIsNotFound() {
        var model = Models.chat(platform, "no-such-model").build();

        assertThatThrownBy(() -> model.chat(HELLO))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining("model_not_found");
    }

    @Test
    void badValueIsAnInvalidRequest() {
        var model = Models.chat(platform, Behaviour.FAKE).customParameters(Map.of("n", -1)).build();

        assertThatThrownBy(() -> model.chat(HELLO))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("invalid_value");
    }

    @Test
    void refusalOfAStreamHasItsStatus() {
        var heard = Heard.of(Models.streaming(platform, Behaviour.REFUSING), HELLO);

        assertThat(heard.error()).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void rateLimitOfTheProviderIsTold() {
        var model = Models.chat(platform, Behaviour.LIMITING).maxRetries(0).build();

        assertThatThrownBy(() -> model.chat(HELLO))
                .isInstanceOf(RateLimitException.class)
                .hasMessageContaining("rate_limit_exceeded");
    }

    @Test
    void failingProviderIsAServerError() {
        var model = Models.chat(platform, Behaviour.DOWN).maxRetries(0).build();

        assertThatThrownBy(() -> model.chat(HELLO))
                .isInstanceOf(InternalServerException.class)
                .hasMessageContaining("upstream_error")
                .cause()
                .isInstanceOfSatisfying(
                        HttpException.class,
                        error -> assertThat(error.statusCode()).isEqualTo(502));
        assertThat(platform.served(Models.name(Behaviour.DOWN))).hasSize(3);
    }

    @Test
    void failedAttemptsStayBehindThePlatform() {
        var model = Models.chat(platform, Behaviour.FLAKY).maxRetries(0).build();

        assertThat(model.chat(HELLO).aiMessage().text()).startsWith("t0");
        assertThat(platform.served(Models.name(Behaviour.FLAKY))).hasSize(3);
    }

    /// It waits as long as it likes, not as long as it is told.
    @Test
    void limitedClientComesBackByItself() {
        var model = Models.chat(platform, Behaviour.LIMITED).build();

        assertThat(model.chat(HELLO).aiMessage().text()).startsWith("t0");
        assertThat(platform.served(Models.name(Behaviour.LIMITED))).hasSize(2);
    }

    @Test
    void clientOfAnUnavailableModelComesBackByItself() {
        var model = Models.chat(platform, Behaviour.LOCKED_OUT).build();

        assertThat(model.chat(HELLO).aiMessage().text()).startsWith("t0");
        assertThat(platform.served(Models.name(Behaviour.LOCKED_OUT))).hasSize(2);
    }

    @Test
    void impatientClientStopsTheProvider() {
        var model =
                Models.chat(platform, Behaviour.SILENT)
                        .timeout(Duration.ofSeconds(1))
                        .maxRetries(0)
                        .build();

        assertThatThrownBy(() -> model.chat(HELLO)).isInstanceOf(TimeoutException.class);
        platform.awaitGone(Models.name(Behaviour.SILENT));
    }

    @Test
    void cancelledStreamStopsTheProvider() throws InterruptedException {
        var request = ChatRequest.builder().messages(HELLO).build();
        var heard = Heard.of(Models.streaming(platform, Behaviour.ENDLESS), request, 5);

        assertThat(heard.awaitCancelled()).isEqualTo(5);
        platform.awaitGone(Models.name(Behaviour.ENDLESS));
    }

    @ParameterizedTest
    @EnumSource(names = {"CUT", "BROKEN"})
    void brokenAnswerIsAnError(Behaviour behaviour) {
        var heard = Heard.of(Models.streaming(platform, behaviour), HELLO);

        assertThat(heard.error()).isNotNull();
        assertThat(heard.text()).startsWith("t0 t1");
    }
}
