// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OpenAiErrorTest {
    @ParameterizedTest
    @EnumSource
    void errorHasAlwaysAllFourKeys(ErrorCode code) {
        var json = Trees.of(code.error("what \"happened\"").toJson());

        assertThat(json.properties()).hasSize(1);
        var error = json.path("error");
        assertThat(error.properties()).hasSize(4);
        assertThat(error.path("message").asText()).isEqualTo("what \"happened\"");
        assertThat(error.path("type").asText()).isEqualTo(code.type());
        assertThat(error.path("code").asText()).isEqualTo(code.code());
        assertThat(error.path("param").isNull()).isTrue();
        assertThat(error.has("param")).isTrue();
    }

    @Test
    void paramIsNamed() {
        var error = ErrorCode.INVALID_TYPE.error("wrong", "messages[0]");

        assertThat(Trees.of(error.toJson()).at("/error/param").asText()).isEqualTo("messages[0]");
        assertThat(error.status()).isEqualTo(400);
    }

    @Test
    void codesAreDifferentAndStatusesAreErrors() {
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::code)).doesNotHaveDuplicates();
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::status))
                .allMatch(status -> status >= 400 && status < 600);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1,1", "999,1", "1000,1", "1001,2", "59999,60"})
    void secondsAreRoundedUp(long millis, long seconds) {
        var error = ErrorCode.QUEUE_FULL.error("full").retryAfter(Duration.ofMillis(millis));

        assertThat(error.retryAfterMillis()).isEqualTo(millis);
        assertThat(error.retryAfterSeconds()).isEqualTo(seconds);
    }

    @Test
    void timeThatHasPassedIsNow() {
        var error = ErrorCode.QUEUE_FULL.error("full").retryAfter(Duration.ofSeconds(-3));

        assertThat(error.retryAfterMillis()).isZero();
    }

    @Test
    void errorIsNotFinalUnlessSaid() {
        var error = ErrorCode.UPSTREAM_ERROR.error("failed");

        assertThat(error.finalAnswer()).isFalse();
        assertThat(error.asFinal().finalAnswer()).isTrue();
        assertThat(error.retryAfterMillis()).isEqualTo(OpenAiError.NO_RETRY_AFTER);
    }

    @Test
    void errorInAStreamIsAnEvent() {
        var error = ErrorCode.UPSTREAM_ERROR.error("line\nfeed");
        var event = new String(error.toEvent(), StandardCharsets.UTF_8);

        assertThat(event).startsWith("event: error\ndata: {\"error\":{").endsWith("}}\n\n");
        assertThat(event.lines()).hasSize(3);
    }

    /// Half of a character outside the Basic Multilingual Plane comes in as an escape, or is left
    /// over where a text was cut.
    @ParameterizedTest
    @CsvSource({"\uD83E", "\uDD8A", "a\uD83Eb", "\uDD8A\uD83E", "🦊"})
    void halfACharacterIsStillAnAnswer(String text) throws CharacterCodingException {
        var error = ErrorCode.MODEL_NOT_FOUND.error("The model '" + text + "'", text);

        assertThat(Trees.of(error.toJson()).at("/error/code").asText())
                .isEqualTo("model_not_found");
        // A strict decoder throws where the bytes are not UTF-8.
        var json = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(error.toJson()));
        assertThat(json.toString()).contains("error");
    }
}
