// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WholeAnswerTest {
    private static Optional<WholeAnswer> read(String json) {
        return WholeAnswer.read(Endpoint.CHAT, json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void usageIsReadWhereverItStands() {
        var usage = "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}";
        var choices = "\"choices\":[{\"message\":{\"content\":\"hello\"}}]";

        assertThat(read("{" + usage + "," + choices + "}").orElseThrow().usage())
                .contains(TokenUsage.of(3, 4));
        assertThat(read("{" + choices + "," + usage + "}").orElseThrow().usage())
                .contains(TokenUsage.of(3, 4));
    }

    @Test
    void choicesAreEstimated() {
        var answer =
                read("{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":"
                                + "\"12345678\"},\"finish_reason\":\"stop\"},{\"message\":"
                                + "{\"content\":null,\"tool_calls\":[{\"id\":\"c\","
                                + "\"function\":{\"arguments\":\"1234\"}}]}}]}")
                        .orElseThrow();

        assertThat(answer.produced()).isEqualTo(3);
        assertThat(answer.usage()).isEmpty();
        assertThat(answer.error()).isEmpty();
    }

    @Test
    void answerConsistsOfWhatItsEndpointGives() {
        var data = "{\"data\":[]}".getBytes(StandardCharsets.UTF_8);
        assertThat(read("{\"choices\":[]}").orElseThrow().answer()).isTrue();
        assertThat(WholeAnswer.read(Endpoint.EMBEDDINGS, data).orElseThrow().answer()).isTrue();
        for (var other : List.of("{}", "{\"choices\":null}", "{\"choices\":{}}", "{\"data\":[]}")) {
            assertThat(read(other).orElseThrow().answer()).as(other).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"prompt_tokens\":-1}", "7", "\"x\"", "[]", "{}", "true"})
    void countThatMakesNoSenseIsReplacedAndNothingElse(String usage) {
        for (var form :
                List.of("{\"usage\":%s,\"choices\":[]}", "{\"choices\":[], \"usage\" : %s }")) {
            var json = form.formatted(usage);
            var answer = read(json).orElseThrow();
            assertThat(answer.isMiscounted()).isTrue();
            var body = json.getBytes(StandardCharsets.UTF_8);
            var count = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
            assertThat(new String(answer.withUsage(body, count), StandardCharsets.UTF_8))
                    .isEqualTo(form.formatted("{\"a\":1}"));
        }
    }

    @Test
    void errorUnderStatus200IsSeen() {
        assertThat(read("{\"error\":{\"message\":\"no\",\"code\":\"x\"}}").orElseThrow().error())
                .contains(new UpstreamError("x", "no"));
        assertThat(read("{\"error\":null,\"data\":[]}").orElseThrow().error()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"a\":1",
                "{} {}",
                "{}x",
                "<html>",
                "null",
                "\"\"",
                "{\"a\"}",
                "{\"choices\":[{\"message\":",
            })
    void whatIsNotOneObjectIsNoAnswer(String body) {
        assertThat(read(body)).isEmpty();
    }

    @Test
    void embeddingsOfAnySizeAreRead() {
        var numbers = "0.123456789,".repeat(100_000) + "1";

        assertThat(
                        read("{\"data\":[{\"embedding\":["
                                        + numbers
                                        + "]}],\"usage\":"
                                        + "{\"prompt_tokens\":9,\"total_tokens\":9}}")
                                .orElseThrow()
                                .usage())
                .contains(TokenUsage.of(9, 0));
    }
}
