// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextInPlaceTest {
    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private static void sameAsDecoded(byte[] json, String decoded) {
        assertThat(TextInPlace.tokens(json, 0)).isEqualTo(TokenEstimate.of(decoded));
        assertThat(TextInPlace.beginning(json, 0, Integer.MAX_VALUE)).isEqualTo(decoded);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\"",
                "\"plain\"",
                "\"é模🦊\"",
                "\"\\b\\f\\n\\r\\t\\\\\\/\\\"x\"",
                "\"\\u0041\\u00e4\\u6a21\\ud83e\\udd8a\"",
                "\"half \\ud83e pair \\udd8a\"",
            })
    void stringIsReadAsAParserDecodesIt(String json) throws IOException {
        try (var parser = JsonText.parser(bytes(json))) {
            parser.nextToken();
            sameAsDecoded(bytes(json), parser.getText());
        }
    }

    @Property
    void everyTextIsReadAsItWasWritten(@ForAll String text) {
        var object = JsonText.object(json -> json.writeStringField("a", text));
        var string = new String(object, StandardCharsets.UTF_8);
        var value = bytes(string.substring("{\"a\":".length(), string.length() - 1));
        sameAsDecoded(value, Trees.of(string).path("a").asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"", "\"ab", "\"ab\\", "\"ab\\u", "\"ab\\u12"})
    void stringWithoutAnEndEndsWithItsBytes(String json) {
        assertThat(TextInPlace.beginning(bytes(json), 0, 100))
                .startsWith(json.substring(1).split("\\\\")[0]);
        assertThat(TextInPlace.tokens(bytes(json), 0)).isLessThan(5);
    }

    @Test
    void noMoreIsDecodedThanIsWanted() {
        assertThat(TextInPlace.beginning(bytes("\"" + "x".repeat(1 << 20) + "\""), 0, 7))
                .isEqualTo("xxxxxxx");
    }
}
