// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamChunkTest {
    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private static StreamChunk read(String json) {
        return StreamChunk.read(bytes(json)).orElseThrow();
    }

    @Test
    void deltaIsEstimated() {
        var chunk =
                read(
                        "{\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\","
                                + "\"content\":\"12345678\"},\"finish_reason\":null}]}");

        assertThat(chunk.choices()).isEqualTo(1);
        assertThat(chunk.finished()).isEmpty();
        assertThat(chunk.produced()).isEqualTo(2);
        assertThat(chunk.usage()).isEmpty();
        assertThat(chunk.error()).isEmpty();
        assertThat(chunk.isUsageOnly()).isFalse();
    }

    @Test
    void toolArgumentsCountAsText() {
        var chunk =
                read(
                        "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"id\":\"call_123456789\","
                                + "\"type\":\"function\",\"function\":{\"arguments\":\"12345678\"}}]}}]}");

        assertThat(chunk.produced()).isEqualTo(2);
    }

    @Test
    void textOfACompletionIsEstimated() {
        assertThat(read("{\"choices\":[{\"text\":\"1234\"},{\"text\":\"5678\"}]}").produced())
                .isEqualTo(2);
    }

    @Test
    void finishedChoicesAreCounted() {
        var chunk =
                read(
                        "{\"choices\":[{\"finish_reason\":\"stop\"},{\"finish_reason\":null},"
                                + "{\"finish_reason\":\"length\",\"delta\":{}}]}");

        assertThat(chunk.choices()).isEqualTo(3);
        assertThat(chunk.finished()).containsExactly(0, 0);
    }

    @Test
    void finishedChoicesAreToldByTheirIndex() {
        var chunk =
                read(
                        "{\"choices\":[{\"finish_reason\":\"stop\",\"index\":3},"
                                + "{\"index\":1,\"finish_reason\":\"length\"},{\"index\":2}]}");

        assertThat(chunk.finished()).containsExactly(3, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"\"", "7", "{}"})
    void choiceWithoutAReasonGoesOn(String reason) {
        assertThat(read("{\"choices\":[{\"finish_reason\":" + reason + "}]}").finished()).isEmpty();
    }

    @Test
    void usageIsReadWithItsDetails() {
        var chunk =
                read(
                        "{\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":20,"
                                + "\"total_tokens\":30,\"prompt_tokens_details\":{\"cached_tokens\":4,"
                                + "\"audio_tokens\":1},\"completion_tokens_details\":"
                                + "{\"reasoning_tokens\":5,\"audio_tokens\":7},\"other_tokens_details\":"
                                + "{\"audio_tokens\":9},\"audio_tokens\":8,"
                                + "\"queue_time\":0.5,\"x\":null}}");

        assertThat(chunk.usage()).contains(new TokenUsage(10, 4, 20, 5, 1, 7));
        assertThat(chunk.isUsageOnly()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "7", "\"many\"", "true", "[{\"prompt_tokens\":1}]"})
    void usageThatIsNoObjectIsNone(String usage) {
        var data = bytes("{\"choices\":[],\"usage\":" + usage + ",\"more\":1}");
        var chunk = StreamChunk.read(data).orElseThrow();

        assertThat(chunk.usage()).isEmpty();
        assertThat(chunk.isUsageOnly()).isTrue();
        assertThat(new String(chunk.withoutUsage(data), StandardCharsets.UTF_8))
                .isEqualTo("{\"choices\":[],\"usage\":null,\"more\":1}");
    }

    @Test
    void eventWithoutUsageStaysAsItIs() {
        for (var event : List.of("{\"choices\":[],\"usage\":null}", "{\"choices\":[]}")) {
            var chunk = read(event);
            assertThat(chunk.isUsageOnly()).isFalse();
            assertThat(chunk.withoutUsage(bytes(event))).isEqualTo(bytes(event));
        }
    }

    @Test
    void onlyAnEventWithChoicesIsPartOfAnAnswer() {
        assertThat(read("{\"choices\":[]}").answer()).isTrue();
        for (var event : List.of("{}", "{\"foo\":1}", "{\"choices\":null}", "{\"choices\":{}}")) {
            assertThat(read(event).answer()).as(event).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"prompt_tokens\":-5,\"completion_tokens\":null}",
                "{\"prompt_tokens\":1,\"completion_tokens\":1000000000000000000000000000000}",
                "{\"prompt_tokens\":1e30}",
                "{\"prompt_tokens\":9000000000000000000}",
                "{\"prompt_tokens\":\"7\",\"completion_tokens\":1}",
                "{\"prompt_tokens\":7,\"completion_tokens\":1.5}",
                "{\"prompt_tokens\":{\"a\":1},\"prompt_tokens_details\":[1]}",
                "{\"prompt_tokens\":5,\"prompt_tokens_details\":{\"cached_tokens\":-1}}",
                "{\"total_tokens\":5}",
                "{}",
            })
    void countsThatMakeNoSenseAreNone(String usage) {
        var chunk = read("{\"usage\":" + usage + "}");
        assertThat(chunk.usage()).isEmpty();
        assertThat(chunk.hasUsage()).isTrue();
    }

    @Test
    void countThatIsNullIsZero() {
        var usage =
                "{\"prompt_tokens\":5,\"completion_tokens\":null,\"prompt_tokens_details\":null}";
        assertThat(read("{\"usage\":" + usage + "}").usage()).contains(TokenUsage.of(5, 0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"usage\":%s,\"choices\":[{\"delta\":{\"content\":\"é模🦊\"}}]}",
                "{\"id\":\"é模🦊\",\"choices\":[{\"delta\":{}}],\"usage\":%s}",
                " { \"a\" : \"模\" ,\t\"usage\" :\n%s , \"b\" : [ 1 ] } ",
                "\uFEFF{\"usage\":%s}",
            })
    void usageIsTakenOutAndNothingElse(String form) {
        for (var usage :
                new String[] {"{}", "{\"prompt_tokens\":1}", "{ \"a\" : { \"模\" : [ \"}\" ] } }"}) {
            var data = bytes(form.formatted(usage));
            var chunk = StreamChunk.read(data).orElseThrow();
            var without = new String(chunk.withoutUsage(data), StandardCharsets.UTF_8);
            assertThat(without).isEqualTo(form.formatted("null"));
            var expected = (ObjectNode) Trees.of(form.formatted(usage).replace("\uFEFF", ""));
            expected.putNull("usage");
            assertThat(Trees.of(without.replace("\uFEFF", ""))).isEqualTo(expected);
        }
    }

    @Test
    void errorInsideAStreamIsSeen() {
        var chunk =
                read(
                        "{\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\","
                                + "\"param\":null,\"code\":null,\"more\":{\"a\":[]}}}");

        assertThat(chunk.error()).contains(new UpstreamError("server_error", "overloaded"));
    }

    @Test
    void errorMayHaveAnyShape() {
        assertThat(read("{\"error\":null}").error()).isEmpty();
        assertThat(read("{\"error\":\"boom\"}").error()).isPresent();
        assertThat(read("{\"error\":[{}],\"choices\":[{}]}").choices()).isEqualTo(1);
        assertThat(read("{\"error\":{\"message\":{\"a\":1},\"code\":429}}").error())
                .contains(new UpstreamError("429", ""));
    }

    @Test
    void longErrorsAreCutBetweenCharacters() {
        var chunk = read("{\"error\":{\"message\":\"x" + "🦊".repeat(2000) + "\"}}");

        var message = chunk.error().orElseThrow().message();
        assertThat(message).hasSizeLessThanOrEqualTo(501);
        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(message)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[DONE]",
                "[]",
                "7",
                "null",
                "{",
                "{\"choices\":[{\"delta\":{\"content\":\"half",
                "{\"choices\":[",
                "{\"choices\":[{}]",
                "{\"usage\":{\"prompt_tokens\":",
                "<html>",
                "{\"a\":nope}",
                "{} x",
                "{} {}",
            })
    void whatIsNotOneObjectSaysNothing(String data) {
        assertThat(StreamChunk.read(bytes(data))).isEqualTo(Optional.empty());
    }
}
