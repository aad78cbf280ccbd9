// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.http.RawHttp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WholeAnswerTest {
    private final FakeProvider provider = FakeProvider.start();
    private final Call call = new Call(provider);

    @AfterEach
    void stop() {
        provider.close();
    }

    @Test
    void chatHasTheDocumentedShape() {
        var response = call.whole("fake");

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("content-type")).isEqualTo("application/json");
        assertThat(response.header("x-request-id")).isEqualTo("req_fake_1");
        var answer = Call.json(response.body());
        assertThat(answer.fieldNames())
                .toIterable()
                .containsExactly(
                        "id",
                        "object",
                        "created",
                        "model",
                        "choices",
                        "usage",
                        "service_tier",
                        "system_fingerprint");
        assertThat(answer.get("id").asText()).isEqualTo("chatcmpl-fake-1");
        assertThat(answer.get("object").asText()).isEqualTo("chat.completion");
        var choice = answer.at("/choices/0");
        assertThat(choice.fieldNames())
                .toIterable()
                .containsExactly("index", "message", "logprobs", "finish_reason");
        assertThat(choice.at("/message/role").asText()).isEqualTo("assistant");
        assertThat(choice.at("/message/content").asText()).isEqualTo(Call.numbered(8));
        assertThat(choice.at("/finish_reason").asText()).isEqualTo("stop");
    }

    @Test
    void usageCountsTheWordsOfTheMessagesAndTheTokensSent() {
        call.whole("fake;tokens=3;cached=2");
        var usage = Call.json(call.whole("fake;tokens=3;cached=2").body()).get("usage");

        assertThat(usage.get("prompt_tokens").asInt()).isEqualTo(5);
        assertThat(usage.get("completion_tokens").asInt()).isEqualTo(3);
        assertThat(usage.get("total_tokens").asInt()).isEqualTo(8);
        assertThat(usage.at("/prompt_tokens_details/cached_tokens").asInt()).isEqualTo(2);
    }

    @Test
    void rememberedRenderingDoesNotLeakIntoOtherRequests() {
        var first = Call.json(call.whole("fake").body());
        var second = Call.json(call.whole("fake").body());
        var limited =
                Call.json(call.post(Call.CHAT, Call.body("fake", ",\"max_tokens\":2")).body());
        var two = Call.json(call.post(Call.CHAT, Call.body("fake", ",\"n\":2")).body());

        assertThat(second.get("id").asText()).isEqualTo("chatcmpl-fake-2");
        assertThat(second.get("choices")).isEqualTo(first.get("choices"));
        assertThat(limited.at("/choices/0/message/content").asText()).isEqualTo("t0 t1");
        assertThat(limited.at("/choices/0/finish_reason").asText()).isEqualTo("length");
        assertThat(two.get("choices")).hasSize(2);
        assertThat(two.at("/choices/1/index").asInt()).isEqualTo(1);
        assertThat(two.at("/usage/completion_tokens").asInt()).isEqualTo(16);
    }

    @Test
    void toolCallNamesTheRequestsTool() {
        var tools =
                ",\"tools\":[{\"type\":\"function\",\"function\":{\"description\":\"d\","
                        + "\"parameters\":{\"name\":\"no\"},\"name\":\"weather\"}}]";
        var answer = Call.json(call.post(Call.CHAT, Call.body("fake;tool", tools)).body());

        var function = answer.at("/choices/0/message/tool_calls/0/function");
        assertThat(function.get("name").asText()).isEqualTo("weather");
        assertThat(Call.json(function.get("arguments").asText()).get("city").asText())
                .isEqualTo("Berlin");
        assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("tool_calls");
    }

    @Test
    void echoReturnsTheLastUserMessageExactly() {
        var json =
                """
                {"messages":[{"role":"user","content":"first"},{"content":[{"type":"image_url",\
                "image_url":{"url":"data:,x"}},{"type":"text","text":"a  \\u00e9\\n\\"b\\" c "}],\
                "role":"user"},\
                {"role":"assistant","content":"no"}],"model":"fake;echo"}""";
        var answer = Call.json(call.post(Call.CHAT, json).body());

        assertThat(answer.at("/choices/0/message/content").asText())
                .isEqualTo("a  \u00e9\n\"b\" c ");
    }

    @Test
    void emptyChoicesAndMissingUsageCanBeHad() {
        var answer = Call.json(call.whole("fake;empty-choices;no-usage").body());

        assertThat(answer.get("choices")).isEmpty();
        assertThat(answer.has("usage")).isFalse();
    }

    @Test
    void completionsAnswerEveryPrompt() {
        var answer =
                Call.json(
                        call.post(
                                        "/v1/completions",
                                        "{\"model\":\"fake;tokens=2\",\"prompt\":[\"a b\",\"c\"]}")
                                .body());

        assertThat(answer.get("object").asText()).isEqualTo("text_completion");
        assertThat(answer.get("choices")).hasSize(2);
        assertThat(answer.at("/choices/1/text").asText()).isEqualTo("t0 t1");
        assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(3);
    }

    @Test
    void hugeAnswerHasItsSize() {
        assertThat(call.whole("fake;huge=10MB").body()).hasSizeGreaterThan(10 * 1024 * 1024);
    }

    @Test
    void modelsAreListed() {
        provider.script("gpt-4o-mini", "tokens=1");
        try (var http = RawHttp.connect(provider.baseUrl())) {
            var list = Call.json(http.get("/v1/models").readResponse().body());
            assertThat(list.get("object").asText()).isEqualTo("list");
            assertThat(list.findValuesAsText("id")).containsExactly("fake", "gpt-4o-mini");
            assertThat(list.at("/data/0").fieldNames())
                    .toIterable()
                    .containsExactly("id", "object", "created", "owned_by");
        }
    }

    @Test
    void connectionIsKeptForTheNextRequest() {
        try (var http = RawHttp.connect(provider.baseUrl())) {
            for (var i = 0; i < 3; i++) {
                http.post(Call.CHAT, Call.body("fake", ""));
                assertThat(http.readResponse().status()).isEqualTo(200);
            }
        }
    }
}
