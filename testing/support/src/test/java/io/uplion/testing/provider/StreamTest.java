// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.uplion.testing.http.BodyEnd;
import io.uplion.testing.http.SseClient;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StreamTest {
    private final FakeProvider provider = FakeProvider.start();
    private final Call call = new Call(provider);

    @AfterEach
    void stop() {
        provider.close();
    }

    private static final String USAGE = ",\"stream_options\":{\"include_usage\":true}";

    private static List<JsonNode> chunks(List<String> data) {
        return data.stream().filter(one -> one.startsWith("{")).map(Call::json).toList();
    }

    @Test
    void chunksComeInTheDocumentedOrder() {
        try (var stream = call.stream("fake;tokens=3")) {
            var data = stream.data();

            assertThat(stream.status()).isEqualTo(200);
            assertThat(stream.head().header("content-type")).startsWith("text/event-stream");
            assertThat(stream.end()).isEqualTo(BodyEnd.COMPLETE);
            assertThat(data).hasSize(6);
            assertThat(data.getLast()).isEqualTo("[DONE]");
            var chunks = chunks(data);
            assertThat(chunks).allSatisfy(StreamTest::isAChunk);
            assertThat(chunks.getFirst().at("/choices/0/delta/role").asText())
                    .isEqualTo("assistant");
            assertThat(chunks.get(2).at("/choices/0/delta/content").asText()).isEqualTo(" t1");
            assertThat(chunks.get(2).at("/choices/0/finish_reason").isNull()).isTrue();
            assertThat(chunks.getLast().at("/choices/0/finish_reason").asText()).isEqualTo("stop");
            assertThat(chunks.getLast().at("/choices/0/delta")).isEmpty();
            assertThat(Call.text(data)).isEqualTo("t0 t1 t2");
        }
    }

    private static void isAChunk(JsonNode chunk) {
        assertThat(chunk.fieldNames())
                .toIterable()
                .containsExactly(
                        "id",
                        "object",
                        "created",
                        "model",
                        "service_tier",
                        "system_fingerprint",
                        "choices");
        assertThat(chunk.get("id").asText()).isEqualTo("chatcmpl-fake-1");
        assertThat(chunk.get("object").asText()).isEqualTo("chat.completion.chunk");
        assertThat(chunk.at("/choices/0").fieldNames())
                .toIterable()
                .containsExactly("index", "delta", "logprobs", "finish_reason");
    }

    @Test
    void usageIsTheLastChunkForThoseWhoAsk() {
        try (var stream = call.stream("fake;tokens=3", USAGE)) {
            var chunks = chunks(stream.data());

            assertThat(chunks.getLast().get("choices")).isEmpty();
            assertThat(chunks.getLast().at("/usage/completion_tokens").asInt()).isEqualTo(3);
            assertThat(chunks.subList(0, chunks.size() - 1))
                    .allSatisfy(chunk -> assertThat(chunk.get("usage").isNull()).isTrue());
        }
    }

    @Test
    void usageCanBeWithheld() {
        try (var stream = call.stream("fake;no-usage", USAGE)) {
            assertThat(chunks(stream.data())).noneMatch(chunk -> chunk.has("usage"));
        }
    }

    @Test
    void everyChoiceGetsAllTokens() {
        try (var stream = call.stream("fake;tokens=2", ",\"n\":3" + USAGE)) {
            var chunks = chunks(stream.data());

            assertThat(chunks).hasSize(3 + 6 + 3 + 1);
            for (var choice = 0; choice < 3; choice++) {
                var index = choice;
                var own =
                        chunks.stream()
                                .filter(one -> one.at("/choices/0/index").asInt(-1) == index)
                                .map(one -> one.at("/choices/0/delta/content").asText(""));
                assertThat(own).containsExactly("", "t0", " t1", "");
            }
            assertThat(chunks.getLast().at("/usage/completion_tokens").asInt()).isEqualTo(6);
        }
    }

    @Test
    void limitOfTheClientEndsTheStream() {
        try (var stream = call.stream("fake", ",\"max_completion_tokens\":2")) {
            var data = stream.data();
            assertThat(Call.text(data)).isEqualTo("t0 t1");
            assertThat(chunks(data).getLast().at("/choices/0/finish_reason").asText())
                    .isEqualTo("length");
        }
    }

    @Test
    void streamMayEndWithoutDone() {
        try (var stream = call.stream("fake;no-done")) {
            assertThat(stream.data()).doesNotContain("[DONE]").hasSize(10);
            assertThat(stream.end()).isEqualTo(BodyEnd.COMPLETE);
        }
    }

    @Test
    void toolArgumentsComeInPieces() {
        try (var stream = call.stream("fake;tool")) {
            var chunks = chunks(stream.data());

            var call0 = chunks.getFirst().at("/choices/0/delta/tool_calls/0");
            assertThat(call0.at("/function/name").asText()).isEqualTo("lookup");
            assertThat(call0.get("id").asText()).isNotEmpty();
            var arguments = new StringBuilder();
            chunks.forEach(
                    one ->
                            arguments.append(
                                    one.at("/choices/0/delta/tool_calls/0/function/arguments")
                                            .asText("")));
            assertThat(Call.json(arguments.toString()).get("city").asText()).isEqualTo("Berlin");
            assertThat(chunks.getLast().at("/choices/0/finish_reason").asText())
                    .isEqualTo("tool_calls");
        }
    }

    @Test
    void emptyChoicesStandBeforeTheAnswer() {
        try (var stream = call.stream("fake;empty-choices;tokens=2")) {
            var data = stream.data();
            assertThat(chunks(data).getFirst().get("choices")).isEmpty();
            assertThat(Call.text(data)).isEqualTo("t0 t1");
        }
    }

    @Test
    void hugeStreamArrivesWhole() {
        try (var stream = call.stream("fake;huge=3MB")) {
            assertThat(Call.text(stream.data())).hasSizeGreaterThan(3 * 1024 * 1024);
        }
    }

    @Test
    void completionsStreamText() {
        var json = "{\"model\":\"fake;tokens=2\",\"stream\":true,\"prompt\":\"a\"}";
        try (var stream = SseClient.post(provider.baseUrl() + "/completions", json)) {
            var data = stream.data();
            assertThat(data).hasSize(4);
            assertThat(Call.json(data.get(1)).at("/choices/0/text").asText()).isEqualTo(" t1");
            assertThat(Call.json(data.get(1)).get("object").asText()).isEqualTo("text_completion");
            assertThat(Call.json(data.get(2)).at("/choices/0/finish_reason").asText())
                    .isEqualTo("stop");
        }
    }
}
