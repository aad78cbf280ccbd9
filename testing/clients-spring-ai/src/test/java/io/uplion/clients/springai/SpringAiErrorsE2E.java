// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.clients.springai;

import static io.uplion.clients.springai.Models.HELLO;
import static io.uplion.clients.springai.Models.chat;
import static io.uplion.clients.springai.Models.options;
import static io.uplion.clients.springai.Models.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIIoException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import io.uplion.clients.Behaviour;
import io.uplion.clients.OnePlatform;
import io.uplion.clients.PlatformUnderTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.openai.OpenAiChatOptions;

@ExtendWith(OnePlatform.class)
final class SpringAiErrorsE2E {
    private final PlatformUnderTest platform;

    SpringAiErrorsE2E(PlatformUnderTest platform) {
        this.platform = platform;
    }

    private static void assertRefused(
            OpenAiChatOptions.Builder options,
            Class<? extends OpenAIServiceException> type,
            String code) {
        var refusal = catchThrowableOfType(type, () -> chat(options).call(HELLO));
        assertThat(refusal.code()).contains(code);
        assertThat(refusal.headers().values("x-request-id")).hasSize(1);
    }

    @Test
    void wrongKeyIsUnauthorized() {
        var options = options(platform, Behaviour.FAKE).apiKey("upl_wrong");

        assertRefused(options, UnauthorizedException.class, "invalid_api_key");
    }

    @Test
    void unknownModelIsNotFound() {
        assertRefused(
                options(platform, "no-such-model"), NotFoundException.class, "model_not_found");
    }

    @Test
    void badValueIsABadRequest() {
        var options = options(platform, Behaviour.FAKE).n(-1);

        assertRefused(options, BadRequestException.class, "invalid_value");
    }

    @Test
    void refusalOfTheProviderIsABadRequest() {
        var model = chat(platform, Behaviour.REFUSING);

        assertThatThrownBy(() -> model.call(HELLO)).isInstanceOf(BadRequestException.class);
        assertThatThrownBy(() -> model.stream(HELLO).blockLast(Duration.ofSeconds(20)))
                .hasStackTraceContaining(BadRequestException.class.getSimpleName());
        assertThat(platform.served(Models.name(Behaviour.REFUSING))).hasSize(2);
    }

    @Test
    void rateLimitOfTheProviderIsTold() {
        var options = options(platform, Behaviour.LIMITING).maxRetries(0);

        assertRefused(options, RateLimitException.class, "rate_limit_exceeded");
    }

    @Test
    void failingProviderIsAServerErrorAndIsNotTriedAgain() {
        assertRefused(
                options(platform, Behaviour.DOWN), InternalServerException.class, "upstream_error");

        assertThat(platform.served(Models.name(Behaviour.DOWN))).hasSize(3);
    }

    @Test
    void failedAttemptsStayBehindThePlatform() {
        assertThat(text(chat(platform, Behaviour.FLAKY).call(HELLO))).startsWith("t0");
        assertThat(platform.served(Models.name(Behaviour.FLAKY))).hasSize(3);
    }

    @Test
    void limitedClientComesBackWhenItWasTold() {
        var refused = platform.answered("rate_limit_exceeded");

        assertThat(text(chat(platform, Behaviour.LIMITED).call(HELLO))).startsWith("t0");
        // Had it come back too early, it would have been refused again.
        assertThat(platform.answered("rate_limit_exceeded")).isEqualTo(refused + 1);
    }

    @Test
    void clientOfAnUnavailableModelComesBack() {
        assertThat(text(chat(platform, Behaviour.LOCKED_OUT).call(HELLO))).startsWith("t0");
        assertThat(platform.served(Models.name(Behaviour.LOCKED_OUT))).hasSize(2);
    }

    @Test
    void impatientClientStopsTheProvider() {
        var model =
                chat(
                        options(platform, Behaviour.SILENT)
                                .timeout(Duration.ofSeconds(1))
                                .maxRetries(0));

        assertThatThrownBy(() -> model.call(HELLO)).isInstanceOf(OpenAIIoException.class);
        platform.awaitGone(Models.name(Behaviour.SILENT));
    }

    @ParameterizedTest
    @EnumSource(names = {"CUT", "BROKEN"})
    void brokenAnswerIsAnError(Behaviour behaviour) {
        List<ChatResponse> seen = new ArrayList<>();
        var stream = chat(platform, behaviour).stream(HELLO).doOnNext(seen::add);

        assertThatThrownBy(() -> stream.blockLast(Duration.ofSeconds(20)))
                .isInstanceOf(RuntimeException.class)
                .hasMessageNotContaining("Timeout on blocking read");
        assertThat(text(seen)).startsWith("t0 t1");
    }
}
