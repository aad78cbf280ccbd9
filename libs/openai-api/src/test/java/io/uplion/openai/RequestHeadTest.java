// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestHeadTest {
    private static RequestHead head(Endpoint endpoint, String body) {
        return Edited.head(endpoint, body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void smallestChatHasDefaults() {
        var head = Edited.head("{\"model\":\"m\",\"messages\":[{}]}");

        assertThat(head.model()).isEqualTo("m");
        assertThat(head.endpoint()).isEqualTo(Endpoint.CHAT);
        assertThat(head.stream()).isFalse();
        assertThat(head.wantsUsage()).isFalse();
        assertThat(head.maxTokens()).isEmpty();
        assertThat(head.n()).isEqualTo(1);
    }

    @Test
    void fieldsAreReadWhereverTheyStand() {
        var head =
                Edited.head(
                        "{\"messages\":[{\"content\":\"x\"}],\"n\":3,\"stream\":true,"
                                + "\"max_tokens\":7,\"stream_options\":{\"include_usage\":true},"
                                + "\"model\":\"gp\\u0074\"}");

        assertThat(head.model()).isEqualTo("gpt");
        assertThat(head.stream()).isTrue();
        assertThat(head.wantsUsage()).isTrue();
        assertThat(head.maxTokens()).isEqualTo(OptionalLong.of(7));
        assertThat(head.n()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"\"a\"|1", "[\"a\"]|1", "[\"a\",\"b\",\"c\"]|3", "[1,2,3]|1", "[[1,2],[3]]|2"})
    void everyPromptHasItsChoices(String prompt, long prompts) {
        var body = "{\"model\":\"m\",\"n\":2,\"prompt\":" + prompt + "}";

        assertThat(head(Endpoint.COMPLETIONS, body).choices()).isEqualTo(2 * prompts);
    }

    /// Those that are not shown are paid for too.
    @ParameterizedTest
    @CsvSource({
        "'\"best_of\":5',5,1",
        "'\"n\":2,\"best_of\":5',5,2",
        "'\"best_of\":1,\"n\":3',3,3"
    })
    void choicesThatAreMadeAreCountedBesideThoseShown(String fields, long made, long shown) {
        var head = head(Endpoint.COMPLETIONS, "{\"model\":\"m\",\"prompt\":\"a\"," + fields + "}");

        assertThat(head.choicesMade()).isEqualTo(made);
        assertThat(head.choices()).isEqualTo(shown);
    }

    /// Nobody knows which of them a provider obeys.
    @ParameterizedTest
    @CsvSource({"7,9", "9,7"})
    void largerOfTwoMaximaCounts(int old, int renamed) {
        var head =
                Edited.head(
                        "{\"model\":\"m\",\"messages\":[{}],\"max_tokens\":%d,\"max_completion_tokens\":%d}"
                                .formatted(old, renamed));

        assertThat(head.maxTokens()).isEqualTo(OptionalLong.of(9));
    }

    @Test
    void newNameOfTheMaximumCountsToo() {
        var head = Edited.head("{\"model\":\"m\",\"messages\":[{}],\"max_completion_tokens\":9}");

        assertThat(head.maxTokens()).isEqualTo(OptionalLong.of(9));
    }

    @Test
    void nullSaysTheSameAsAbsence() {
        var head =
                Edited.head(
                        "{\"model\":\"m\",\"messages\":[{}],\"stream\":null,\"n\":null,"
                                + "\"max_tokens\":null,\"stream_options\":null,\"tools\":null,"
                                + "\"temperature\":null,\"user\":null}");

        assertThat(head.stream()).isFalse();
        assertThat(head.n()).isEqualTo(1);
        assertThat(head.maxTokens()).isEmpty();
    }

    @Test
    void completionsTakeTextsTokensAndListsOfThem() {
        assertThat(head(Endpoint.COMPLETIONS, "{\"model\":\"m\",\"prompt\":\"\"}").model())
                .isEqualTo("m");
        assertThat(head(Endpoint.COMPLETIONS, "{\"model\":\"m\",\"prompt\":[\"a\",\"b\"]}").model())
                .isEqualTo("m");
        assertThat(head(Endpoint.COMPLETIONS, "{\"model\":\"m\",\"prompt\":[[1],[2,3]]}").model())
                .isEqualTo("m");
        assertThat(
                        head(
                                        Endpoint.COMPLETIONS,
                                        "{\"model\":\"m\",\"prompt\":\"x\",\"max_tokens\":0}")
                                .maxTokens())
                .isEqualTo(OptionalLong.of(0));
    }

    @Test
    void embeddingsIgnoreStream() {
        var head = head(Endpoint.EMBEDDINGS, "{\"model\":\"m\",\"input\":[1,2],\"stream\":true}");

        assertThat(head.stream()).isFalse();
    }

    @Test
    void unknownFieldsPassWhateverTheyHold() {
        var head =
                Edited.head(
                        "{\"x\":[[[{\"a\":1e999}]]],\"model\":\"m\",\"messages\":[{\"role\":7}],"
                                + "\"reasoning\":{\"effort\":\"low\"},\"y\":-0.0,\"z\":\"\\u0000\"}");

        assertThat(head.model()).isEqualTo("m");
    }

    @Test
    void spaceAroundTheObjectIsAllowed() {
        assertThat(Edited.head(" \r\n\t{\"model\":\"m\",\"messages\":[{}]}\n\n ").model())
                .isEqualTo("m");
    }

    @Test
    void depthUpToTheBoundIsRead() {
        var nested = "[".repeat(JsonText.MAX_DEPTH - 2) + "]".repeat(JsonText.MAX_DEPTH - 2);

        assertThat(Edited.head("{\"model\":\"m\",\"messages\":[{}],\"x\":" + nested + "}").model())
                .isEqualTo("m");
    }
}
