// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.clients.openai;

import static io.uplion.clients.openai.Sdk.all;
import static io.uplion.clients.openai.Sdk.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import io.uplion.clients.Behaviour;
import io.uplion.clients.OnePlatform;
import io.uplion.clients.PlatformUnderTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnePlatform.class)
final class OpenAiJavaErrorsE2E {
    private final PlatformUnderTest platform;
    private final OpenAIClient client;

    OpenAiJavaErrorsE2E(PlatformUnderTest platform) {
        this.platform = platform;
        this.client = Sdk.client(platform);
    }

    @AfterEach
    void close() {
        client.close();
    }

    private <E extends OpenAIServiceException> E refused(
            Class<E> type, ChatCompletionCreateParams.Builder request) {
        return refused(type, client, request);
    }

    private static <E extends OpenAIServiceException> E refused(
            Class<E> type, OpenAIClient client, ChatCompletionCreateParams.Builder request) {
        var error =
                catchThrowableOfType(
                        type, () -> client.chat().completions().create(request.build()));
        assertThat(error).isNotNull();
        assertThat(error.headers().values("x-request-id")).hasSize(1);
        return error;
    }

    @Test
    void wrongKeyIsUnauthorized() {
        var stranger = Sdk.settings(platform).apiKey("upl_wrong").build();
        var error = refused(UnauthorizedException.class, stranger, ask(Behaviour.FAKE));

        assertThat(error.code()).contains("invalid_api_key");
        stranger.close();
    }

    @Test
    void unknownModelIsNotFound() {
        var error = refused(NotFoundException.class, ask("no-such-model"));

        assertThat(error.code()).contains("model_not_found");
        assertThat(error.param()).contains("model");
        assertThat(error.type()).contains("invalid_request_error");
        assertThat(error).hasMessageContaining("no-such-model");
    }

    @Test
    void wrongTypeIsABadRequest() {
        var request = ask(Behaviour.FAKE).putAdditionalBodyProperty("n", JsonValue.from("several"));
        var error = refused(BadRequestException.class, request);

        assertThat(error.code()).contains("invalid_type");
        assertThat(error.param()).contains("n");
    }

    @Test
    void badValueIsABadRequest() {
        var error = refused(BadRequestException.class, ask(Behaviour.FAKE).n(-1));

        assertThat(error.code()).contains("invalid_value");
        assertThat(error.param()).contains("n");
    }

    @Test
    void refusalOfTheProviderIsTheAnswer() {
        var before = platform.served(Sdk.model(Behaviour.REFUSING)).size();
        refused(BadRequestException.class, ask(Behaviour.REFUSING));

        assertThat(platform.served(Sdk.model(Behaviour.REFUSING))).hasSize(before + 1);
    }

    @Test
    void refusalOfAStreamHasItsStatus() {
        var request = ask(Behaviour.REFUSING).build();

        assertThatThrownBy(() -> all(client.chat().completions().createStreaming(request)))
                .isInstanceOf(BadRequestException.class);
    }

    @Test
    void rateLimitOfTheProviderIsTold() {
        var impatient = Sdk.withoutRetries(platform);
        var error = refused(RateLimitException.class, impatient, ask(Behaviour.LIMITING));

        assertThat(error.code()).contains("rate_limit_exceeded");
        assertThat(Long.parseLong(error.headers().values("retry-after").getFirst()))
                .isBetween(50L, 60L);
        impatient.close();
    }

    @Test
    void failingProviderIsAServerErrorWithItsRequestId() {
        var error = refused(InternalServerException.class, ask(Behaviour.DOWN));

        assertThat(error.statusCode()).isEqualTo(502);
        assertThat(error.code()).contains("upstream_error");
        assertThat(error.getMessage()).matches(".*3 attempts.*[^.]\\.");
    }
}
