// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenEstimateTest {
    private static long ofPrompt(String body) {
        return TokenEstimate.ofPrompt(body.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({"'',0", "a,1", "abcd,1", "abcde,2", "模型,2", "abcd模,2", "🦊🦊,2", "é,1"})
    void fourLettersOrOneOtherCharacterAreAToken(String text, long tokens) {
        assertThat(TokenEstimate.of(text)).isEqualTo(tokens);
    }

    @Test
    void promptIsWhatTheModelReads() {
        assertThat(
                        ofPrompt(
                                "{\"model\":\"a-very-long-name-of-a-model\",\"messages\":["
                                        + "{\"role\":\"user\",\"content\":\"12345678\"},"
                                        + "{\"role\":\"user\",\"content\":[{\"type\":\"text\","
                                        + "\"text\":\"1234\"}]}],\"user\":\"somebody\"}"))
                .isEqualTo(3);
        assertThat(ofPrompt("{\"prompt\":[\"1234\",\"5678\"]}")).isEqualTo(2);
        assertThat(ofPrompt("{\"input\":\"12345678\"}")).isEqualTo(2);
    }

    @Test
    void imagesCountNothing() {
        assertThat(
                        ofPrompt(
                                "{\"messages\":[{\"content\":[{\"type\":\"image_url\",\"image_url\":"
                                        + "{\"url\":\"data:image/png;base64,AAAAAAAAAAAAAAAA\"}},"
                                        + "{\"type\":\"input_audio\",\"input_audio\":{\"data\":"
                                        + "\"AAAAAAAAAAAA\"}}]}]}"))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "{\"messages\":[", "{\"messages\":null}", "7"})
    void brokenBodiesCountNothing(String body) {
        assertThat(ofPrompt(body)).isZero();
    }
}
