// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.uplion.testing.http.RawHttp;
import io.uplion.testing.http.RawResponse;
import io.uplion.testing.http.SseClient;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Requests to the fake as the tests need them.
record Call(FakeProvider provider) {
    static final String CHAT = "/v1/chat/completions";
    private static final ObjectMapper JSON = new ObjectMapper();

    static String body(String model, String more) {
        return """
        {"model":"%s"%s,"messages":[{"role":"system","content":"be brief"},\
        {"role":"user","content":"say something nice"}]}"""
                .formatted(model, more);
    }

    RawResponse whole(String model) {
        return post(CHAT, body(model, ""));
    }

    RawResponse post(String path, String json) {
        try (var http = RawHttp.connect(provider.baseUrl())) {
            return http.post(path, json).readResponse();
        }
    }

    SseClient stream(String model) {
        return stream(model, "");
    }

    SseClient stream(String model, String more) {
        return SseClient.post(
                provider.baseUrl() + "/chat/completions", body(model, ",\"stream\":true" + more));
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("Not JSON: " + text, e);
        }
    }

    static String content(JsonNode chunk) {
        return chunk.at("/choices/0/delta/content").asText("");
    }

    static String text(List<String> data) {
        return data.stream()
                .filter(one -> one.startsWith("{"))
                .map(one -> content(json(one)))
                .collect(Collectors.joining());
    }

    static String numbered(int tokens) {
        return IntStream.range(0, tokens).mapToObj(i -> "t" + i).collect(Collectors.joining(" "));
    }
}
