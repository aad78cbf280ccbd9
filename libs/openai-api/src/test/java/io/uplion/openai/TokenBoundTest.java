// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class TokenBoundTest {
    private static long bound(String json) {
        return TokenBound.ofPrompt(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String chat(String part) {
        return "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[" + part + "]}]}";
    }

    @Property(tries = 300)
    void textIsATokenAByte(@ForAll String text) {
        var json =
                JsonText.object(
                        out -> {
                            out.writeStringField("model", "m");
                            out.writeStringField("prompt", text);
                        });

        assertThat(TokenBound.ofPrompt(json)).isEqualTo(json.length);
        assertThat(TokenBound.ofPrompt(json))
                .isGreaterThanOrEqualTo(TokenEstimate.ofPrompt(json))
                .isGreaterThanOrEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
    }

    /// An address of thirty bytes may lead to any image.
    @Test
    void imageIsOneHoweverItIsSent() {
        var address = "\"https://example.org/i.png\"";
        var inline = "\"data:image/png;base64," + "A".repeat(3_000_000) + "\"";
        var frame = chat("{\"type\":\"image_url\",\"image_url\":{\"url\":}}").length();

        for (var url : new String[] {address, inline}) {
            var one = chat("{\"type\":\"image_url\",\"image_url\":{\"url\":" + url + "}}");
            assertThat(bound(one)).isBetween(TokenBound.IMAGE, TokenBound.IMAGE + frame);
            var two = chat("{\"image_url\":" + url + "},{\"image_url\":{\"url\":" + url + "}}");
            assertThat(bound(two)).isBetween(2 * TokenBound.IMAGE, 2 * TokenBound.IMAGE + frame);
        }
    }

    @Test
    void audioIsAFractionOfItsBytes() {
        var bytes = 1_600_000;
        var one =
                chat(
                        "{\"type\":\"input_audio\",\"input_audio\":{\"format\":\"wav\",\"data\":\""
                                + "A".repeat(bytes)
                                + "\"}}");

        assertThat(bound(one)).isBetween(bytes / 16L, bytes / 16L + 200);
    }

    /// What only looks like one is text.
    @Test
    void nameOfAPartInsideATextIsText() {
        var json = chat("{\"type\":\"text\",\"text\":\"{\\\"image_url\\\":1}\"}");

        assertThat(bound(json)).isEqualTo(json.length());
    }

    @Test
    void byteOrderMarkIsNoTrouble() {
        var one = chat("{\"type\":\"image_url\",\"image_url\":{\"url\":\"x\"}}");

        assertThat(bound("\uFEFF" + one)).isEqualTo(bound(one) + 3);
    }
}
