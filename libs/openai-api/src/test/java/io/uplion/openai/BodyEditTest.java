// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import static io.uplion.openai.Edited.assertEdit;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyEditTest {
    private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    @Test
    void bodyThatNeedsNoEditIsTheSameArray() {
        var body = "{\"model\":\"m\",%s}".formatted(MESSAGES).getBytes(StandardCharsets.UTF_8);

        assertThat(Edited.head(Endpoint.CHAT, body).forUpstream(body, "m"))
                .singleElement()
                .extracting(ByteBuffer::array)
                .isSameAs(body);
    }

    @Test
    void streamThatAsksForUsageIsTheSameArray() {
        var body =
                "{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":true},%s}"
                        .formatted(MESSAGES)
                        .getBytes(StandardCharsets.UTF_8);

        assertThat(Edited.head(Endpoint.CHAT, body).forUpstream(body, "m"))
                .singleElement()
                .extracting(ByteBuffer::array)
                .isSameAs(body);
    }

    @Test
    void onlyTheModelChangesAndEveryOtherByteStays() {
        var edited =
                assertEdit(
                        "{ \"temperature\" : 1.0e0 , \"model\"\t:\n\"m\" ,%s }".formatted(MESSAGES),
                        "provider/name");

        assertThat(edited)
                .isEqualTo(
                        "{ \"temperature\" : 1.0e0 , \"model\"\t:\n\"provider/name\" ,%s }"
                                .formatted(MESSAGES));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\"stream_options\":null,",
                "\"stream_options\": null ,",
                "\"stream_options\":{},",
                "\"stream_options\" : { } ,",
                "\"stream_options\":{\n},",
                "\"stream_options\":{\"include_usage\":true},",
                "\"stream_options\":{\"include_usage\":false},",
                "\"stream_options\":{\"include_usage\":null},",
                "\"stream_options\":{ \"include_usage\" :\tfalse },",
                "\"stream_options\":{\"other\":1},",
                "\"stream_options\":{\"other\":{\"include_usage\":false}},",
                "\"stream_options\":{\"other\":[1,{\"a\":2}],\"include_usage\":false},",
                "\"stream_options\":{\"include_usage\":false,\"other\":\"x\"},",
                "\"stream_options\":{\"include_usage\":null,\"other\":null},",
                "\"stream_options\":{\"include_obfuscation\":false},",
                "\"stream_options\":{\"include_\\u0075sage\":false},",
            })
    void usageIsAskedForWhateverTheOptionsAre(String options) {
        for (var places :
                List.of(
                        "{%1$s\"stream\":true,\"model\":\"m\",%2$s}",
                        "{\"model\":\"m\",%1$s\"stream\":true,%2$s}",
                        "{\"stream\":true,%1$s%2$s,\"model\":\"m\"}",
                        " {%1$s\n%2$s , \"stream\" : true , \"model\" : \"m\" } ",
                        "{\"user\":\"Grüße, 模型 🦊 \\\" \",%1$s%2$s,\"stream\":true,"
                                + "\"model\":\"m\"}")) {
            var body = places.formatted(options, MESSAGES);
            assertEdit(body, "m");
            assertEdit(body, "a much longer name \"of\" the modèle 🦊");
            assertEdit(body, "x");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"stream_options\":{\"include_usage\":false},"})
    void wholeAnswersAreNotAskedForUsage(String options) {
        for (var stream : List.of("", "\"stream\":false,", "\"stream\":null,")) {
            assertEdit("{\"model\":\"m\",%s%s%s}".formatted(stream, options, MESSAGES), "other");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "m",
                "gpt-4o",
                "\\u0067pt-4o",
                "a\\\"quoted\\\"name",
                "back\\\\slash",
                "ends with a backslash\\\\",
                "slash\\/es/and",
                "\\u006d\\n\\t",
                "模型",
                "\\ud83e\\udd8a",
                "🦊",
            })
    void namesOfEveryKindAreReplacedWhole(String name) {
        for (var space : List.of("", " ", "\n\t ")) {
            var model = "\"model\"%1$s:%1$s\"%2$s\"".formatted(space, name);
            assertEdit("{%s,%s}".formatted(model, MESSAGES), "upstream");
            assertEdit("{%s%s,\"stream\":true%s}".formatted(MESSAGES, "," + model, space), "u");
        }
    }

    @Test
    void keyThatIsNamedModelFurtherDownIsLeftAlone() {
        assertEdit(
                "{\"metadata\":{\"model\":\"inner\",\"stream_options\":{}},%s,\"model\":\"m\","
                                .formatted(MESSAGES)
                        + "\"stream\":true}",
                "upstream");
    }

    @Test
    void escapedKeysAreTheSameKeys() {
        assertEdit(
                "{\"m\\u006fdel\":\"m\",\"str\\u0065am\":true,\"stream_option\\u0073\":{},%s}"
                        .formatted(MESSAGES),
                "upstream");
    }

    @Test
    void modelBehindAHugeMessageIsFound() {
        var huge = "x€🦊".repeat(300_000);
        var body =
                "{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}],\"stream\":true,"
                                .formatted(huge)
                        + "\"model\":\"m\"}";

        assertEdit(body, "upstream");
    }

    @Test
    void byteOrderMarkDoesNotMoveTheEdits() {
        var body =
                "\uFEFF{\"model\":\"m\",\"stream\":true,%s}"
                        .formatted(MESSAGES)
                        .getBytes(StandardCharsets.UTF_8);

        switch (RequestHead.parse(Endpoint.CHAT, body)) {
            case RequestHead.Refused(OpenAiError error) ->
                    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_BODY);
            case RequestHead.Parsed(RequestHead head) -> {
                var edited =
                        new String(Edited.forUpstream(head, body, "up"), StandardCharsets.UTF_8);
                var tree = Trees.of(edited.replace("\uFEFF", ""));
                assertThat(tree.path("model").asText()).isEqualTo("up");
                assertThat(tree.path("stream_options").path("include_usage").asBoolean()).isTrue();
            }
        }
    }

    @Test
    void embeddingsAreNeverAskedForUsage() {
        var body =
                "{\"model\":\"m\",\"input\":\"x\",\"stream\":true}"
                        .getBytes(StandardCharsets.UTF_8);
        var head = Edited.head(Endpoint.EMBEDDINGS, body);

        assertThat(head.stream()).isFalse();
        assertThat(Trees.of(Edited.forUpstream(head, body, "up")))
                .isEqualTo(Trees.of("{\"model\":\"up\",\"input\":\"x\",\"stream\":true}"));
    }
}
