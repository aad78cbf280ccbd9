// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.task.UsageRecord.Outcome;
import io.uplion.task.UsageRecord.Source;
import io.uplion.testing.platform.Platform;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What passes through the platform, and what it says itself.
class WireE2E {
    private static Platform platform;
    private static Api api;

    @BeforeAll
    static void start() {
        platform = Platform.start();
        api = new Api(platform);
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    @Test
    void usageChunkComesOnlyToThoseWhoAsk() {
        platform.provider().script("fake", "tokens=3;cached=1");
        var plain = api.stream("fake", "").data();
        assertThat(plain).noneMatch(data -> data.contains("completion_tokens"));
        var asked = api.stream("fake", ",\"stream_options\":{\"include_usage\":true}").data();
        var usage = Api.json(asked.get(asked.size() - 2));
        assertThat(usage.path("usage").path("completion_tokens").asInt()).isEqualTo(3);
        var refused = api.stream("fake", ",\"stream_options\":{\"include_usage\":false}").data();
        assertThat(refused).noneMatch(data -> data.contains("completion_tokens"));
        assertThat(platform.provider().served("fake").getLast().received().body().toString())
                .contains("\"include_usage\":true");
    }

    @Test
    void usageIsThereBeforeTheClientSeesTheEnd() {
        api.model("counted", "tokens=7", "");
        for (int i = 1; i <= 20; i++) {
            if (i % 2 == 0) {
                assertThat(api.stream("counted", "").data().getLast()).isEqualTo("[DONE]");
            } else {
                assertThat(api.chat("counted", "").status()).isEqualTo(200);
            }
            assertThat(api.usage("counted")).hasSize(i);
        }
        assertThat(api.usage("counted"))
                .allSatisfy(
                        one -> {
                            assertThat(one.outcome()).isEqualTo(Outcome.COMPLETED);
                            assertThat(one.source()).isEqualTo(Source.REPORTED);
                            assertThat(one.tokens().output()).isEqualTo(7);
                        });
        assertThat(api.usage("counted"))
                .extracting(one -> one.claim().task())
                .doesNotHaveDuplicates();
    }

    @Test
    void severalChoicesAndToolsPassThrough() {
        platform.provider().script("fake", "tokens=2");
        var choices = Api.json(api.chat("fake", ",\"n\":3").body()).path("choices");
        assertThat(choices).hasSize(3);
        var indexes =
                api.stream("fake", ",\"n\":3").data().stream()
                        .filter(data -> data.startsWith("{"))
                        .map(data -> Api.json(data).path("choices").path(0).path("index").asInt())
                        .toList();
        assertThat(indexes).contains(0, 1, 2);
        platform.provider().script("fake", "tool");
        var tools =
                ",\"tools\":[{\"type\":\"function\",\"function\":"
                        + "{\"name\":\"weather\",\"parameters\":{\"type\":\"object\"}}}]";
        var whole = Api.json(api.chat("fake", tools).body());
        assertThat(whole.at("/choices/0/message/tool_calls/0/function/name").asText())
                .isEqualTo("weather");
        assertThat(String.join("", api.stream("fake", tools).data())).contains("weather");
    }

    @Test
    void largeBodyGoesThroughByteForByte() throws NoSuchAlgorithmException {
        platform.provider().script("fake", "tokens=1");
        var pixels = new byte[2 << 20];
        new Random(4).nextBytes(pixels);
        var image = Base64.getEncoder().encodeToString(pixels);
        var body =
                """
                {"model":"fake","messages":[{"role":"user","content":[{"type":"image_url",\
                "image_url":{"url":"data:image/png;base64,%s"}}]}]}"""
                        .formatted(image);
        assertThat(api.post(Api.CHAT, body, Map.of()).status()).isEqualTo(200);
        var received = platform.provider().served("fake").getLast().received();
        assertThat(received.bodyBytes()).isEqualTo(body.length());
        var digest = MessageDigest.getInstance("SHA-256");
        assertThat(received.bodySha256())
                .isEqualTo(
                        HexFormat.of()
                                .formatHex(digest.digest(body.getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void everythingButTheModelsNamePassesByteForByte() {
        platform.provider().script("upstream-name", "tokens=1");
        platform.write(
                "renamed.yaml",
                Platform.manifest("renamed", platform.provider().baseUrl(), "")
                        .replace("provider: openai,", "provider: openai, model: upstream-name,"));
        api.awaitModel("renamed");
        var odd =
                "{ \"x\" : 1.00, \"messages\":[{\"role\":\"user\",\"content\":\"a\\u00e9é\\/\"}],"
                        + "\n\t\"model\" : \"renamed\" ,\"unknown\":{\"b\":[1,2 , 3e0]}, \"z\":null }";
        assertThat(api.post(Api.CHAT, odd, Map.of()).status()).isEqualTo(200);
        assertThat(
                        platform.provider()
                                .served("upstream-name")
                                .getLast()
                                .received()
                                .body()
                                .toString(StandardCharsets.UTF_8))
                .isEqualTo(odd.replace("\"renamed\"", "\"upstream-name\""));
    }

    @Test
    void otherEndpointsWork() {
        platform.provider().script("fake", "tokens=2;dims=4");
        var embedding =
                api.post("/v1/embeddings", "{\"model\":\"fake\",\"input\":\"hello\"}", Map.of());
        assertThat(embedding.status()).as(embedding.body()).isEqualTo(200);
        assertThat(Api.json(embedding.body()).at("/data/0/embedding")).hasSize(4);
        var completion =
                api.post("/v1/completions", "{\"model\":\"fake\",\"prompt\":\"hello\"}", Map.of());
        assertThat(Api.json(completion.body()).at("/choices/0/text").asText()).isEqualTo("t0 t1");
        var bodies =
                List.of(
                        "{\"model\":\"fake\",\"input\":[\"a\",\"b\"],\"messages\":5,\"stream\":\"x\",\"n\":\"y\"}",
                        "{\"model\":\"fake\",\"input\":[1,2,3],\"stream_options\":7}");
        for (String body : bodies) {
            assertThat(api.post("/v1/embeddings", body, Map.of()).status()).isEqualTo(200);
        }
    }

    @Test
    void fieldsOfOtherEndpointsAreNobodysBusiness() {
        platform.provider().script("fake", "tokens=1");
        for (String more : List.of(",\"input\":5", ",\"input\":true", ",\"input\":\"x\"")) {
            var answer = api.chat("fake", more);
            assertThat(answer.status()).as(more + answer.body()).isEqualTo(200);
        }
    }

    @Test
    void modelsAreListedAndFoundByAnyName() {
        platform.write(
                "slash.yaml",
                Platform.manifest(
                        "slash", platform.provider().baseUrl(), "  model: org/some.model:7b\n"));
        api.awaitModel("org/some.model:7b");
        for (String id : List.of("org/some.model:7b", "org%2Fsome.model%3A7b")) {
            var one = api.get("/v1/models/" + id);
            assertThat(one.status()).as(one.body()).isEqualTo(200);
            assertThat(Api.json(one.body()).path("id").asText()).isEqualTo("org/some.model:7b");
            assertThat(Api.json(one.body()).path("object").asText()).isEqualTo("model");
        }
        Api.assertError(api.get("/v1/models/none"), 404, "model_not_found");
        Api.assertError(api.get("/v1/models/%zz"), 404, "model_not_found");
        var list = Api.json(api.get("/v1/models").body());
        assertThat(list.path("object").asText()).isEqualTo("list");
        assertThat(list.path("data").path(0).propertyStream().map(Map.Entry::getKey))
                .contains("id", "object", "created", "owned_by");
    }

    @Test
    void keyMayComeInItsOwnHeader() {
        platform.provider().script("fake", "tokens=1");
        var body = Api.chatBody("fake", "");
        var before = api.usage("fake").size();
        try (var http = api.connect()) {
            http.post(Api.CHAT, body, Map.of("x-api-key", platform.apiKey()));
            assertThat(http.readResponse().status()).isEqualTo(200);
            assertThat(api.usage("fake")).hasSize(before + 1);
            var served = platform.provider().served("fake").getLast();
            assertThat(served.received().headers().toString()).doesNotContain(platform.apiKey());
        }
        try (var http = api.connect()) {
            http.post(Api.CHAT, body, Map.of("x-api-key", platform.apiKey() + "x"));
            Api.assertError(http.readResponse(), 401, "invalid_api_key");
        }
    }

    @Test
    void browsersMayCall() {
        try (var http = api.connect()) {
            var preflight =
                    http.send(
                                    "OPTIONS /v1/chat/completions HTTP/1.1\r\nhost: x\r\n"
                                            + "origin: https://page.example\r\n"
                                            + "access-control-request-method: POST\r\n"
                                            + "access-control-request-headers: authorization, x-stainless-os\r\n\r\n")
                            .readResponse();
            assertThat(preflight.status()).isEqualTo(204);
            assertThat(preflight.header("access-control-allow-origin")).isEqualTo("*");
            assertThat(preflight.header("access-control-allow-headers")).contains("x-stainless-os");
            assertThat(preflight.header("access-control-allow-methods")).contains("POST");
            assertThat(preflight.header("x-request-id")).startsWith("req_");
            var called =
                    http.send(
                                    "GET /v1/models HTTP/1.1\r\nhost: x\r\norigin: https://page.example\r\n\r\n")
                            .readResponse();
            assertThat(called.status()).isEqualTo(401);
            assertThat(called.header("access-control-allow-origin")).isEqualTo("*");
            assertThat(called.header("access-control-expose-headers")).contains("x-request-id");
        }
    }
}
