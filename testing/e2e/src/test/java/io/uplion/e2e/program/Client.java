// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/// Asks a platform with one key.
record Client(HttpClient http, String url, String key) {
    private static final Pattern KEY = Pattern.compile("\"apiKey\":\"(upl_[0-9A-Za-z]{49})\"");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    static Client of(String url, String key) {
        return new Client(HttpClient.newHttpClient(), url, key);
    }

    /// With the key of the first start.
    static Client first(String url, Path data) {
        return of(url, firstKey(data));
    }

    static String firstKey(Path data) {
        try {
            var text = Files.readString(data.resolve("first-run.json"));
            var key = KEY.matcher(text);
            if (!key.find()) {
                throw new AssertionError("no key in " + text);
            }
            return key.group(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(URI.create(url + path)));
    }

    HttpResponse<String> chat(String model) {
        var body = chatBody(model, 3, false);
        return send(
                HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    static String chatBody(String model, int tokens, boolean stream) {
        return """
               {"model":"%s","stream":%s,"max_tokens":%d,\
               "messages":[{"role":"user","content":"Tell me a long story"}]}"""
                .formatted(model, stream, tokens);
    }

    Map<String, String> headers() {
        return Map.of("authorization", "Bearer " + key, "content-type", "application/json");
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        var whole = request.header("authorization", "Bearer " + key).timeout(PATIENCE).build();
        try {
            return http.send(whole, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
