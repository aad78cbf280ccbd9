// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.uplion.queue.journal.UsageJournal;
import io.uplion.task.UsageRecord;
import io.uplion.testing.http.RawHttp;
import io.uplion.testing.http.RawResponse;
import io.uplion.testing.http.SseClient;
import io.uplion.testing.platform.Platform;
import io.uplion.testing.wait.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A platform as its clients and its operator see it.
record Api(Platform platform) {
    static final String CHAT = "/v1/chat/completions";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /// @param more further fields, each with a comma before it
    static String chatBody(String model, String more) {
        return """
        {"model":"%s","messages":[{"role":"user","content":"Say it."}]%s}\
        """
                .formatted(model, more);
    }

    /// An answer in one piece.
    RawResponse chat(String model, String more) {
        return post(CHAT, chatBody(model, more), Map.of());
    }

    RawResponse post(String path, String json, Map<String, String> headers) {
        try (var http = connect()) {
            return http.post(path, json, with(headers)).readResponse();
        }
    }

    RawResponse get(String path) {
        try (var http = connect()) {
            return http.send(
                            "GET "
                                    + path
                                    + " HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer "
                                    + platform.apiKey()
                                    + "\r\n\r\n")
                    .readResponse();
        }
    }

    RawHttp connect() {
        return RawHttp.connect(platform.url()).waitAtMost(Duration.ofSeconds(20));
    }

    SseClient stream(String model, String more) {
        return stream(model, more, Map.of());
    }

    SseClient stream(String model, String more, Map<String, String> headers) {
        return SseClient.post(
                platform.url() + CHAT,
                chatBody(model, ",\"stream\":true" + more),
                with(headers),
                Duration.ofSeconds(20));
    }

    private Map<String, String> with(Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(platform.headers());
        all.remove("content-type");
        all.putAll(headers);
        return all;
    }

    /// Makes a model of its own for a test, behind the fake provider.
    void model(String name, String script, String more) {
        platform.provider().script(name, script);
        platform.write(
                name + ".yaml", Platform.manifest(name, platform.provider().baseUrl(), more));
        awaitModel(name);
    }

    void awaitModel(String name) {
        Await.until(
                "the model " + name + " is listed",
                Duration.ofSeconds(20),
                () -> modelIds().contains(name));
    }

    List<String> modelIds() {
        return json(get("/v1/models").body()).path("data").findValuesAsText("id");
    }

    static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    /// Every error: OpenAI's object with all four keys, as JSON, with an id.
    static JsonNode assertError(RawResponse answer, int status, String code) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("content-type")).startsWith("application/json");
        assertThat(answer.header("x-request-id")).startsWith("req_");
        var error = assertErrorObject(answer.body());
        assertThat(error.path("code").asText()).as(answer.body()).isEqualTo(code);
        return error;
    }

    static JsonNode assertErrorObject(String body) {
        var json = json(body);
        assertThat(json.propertyStream().map(Map.Entry::getKey)).containsExactly("error");
        var error = json.path("error");
        assertThat(error.propertyStream().map(Map.Entry::getKey))
                .containsExactlyInAnyOrder("message", "type", "param", "code");
        assertThat(error.path("message").asText())
                .isNotBlank()
                .doesNotContain("Exception", "\tat ", "io.uplion", "io.netty");
        return error;
    }

    /// The text that the events of a chat stream say together.
    static String text(List<String> data) {
        StringBuilder text = new StringBuilder();
        for (String one : data) {
            if (!one.equals("[DONE]")) {
                text.append(
                        json(one).path("choices").path(0).path("delta").path("content").asText(""));
            }
        }
        return text.toString();
    }

    /// What a model's requests have used, oldest first.
    List<UsageRecord> usage(String model) {
        List<UsageRecord> records = new ArrayList<>();
        try {
            UsageJournal.read(platform.data().resolve("usage"), records::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return records.stream().filter(one -> one.claim().model().equals(model)).toList();
    }

    /// The dead letters of all models.
    List<String> deadLetters() {
        return list(platform.data().resolve("dead-letters")).stream()
                .flatMap(model -> list(model).stream())
                .filter(file -> file.toString().endsWith(".json"))
                .map(Api::read)
                .toList();
    }

    private static List<Path> list(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    RawResponse management(String path) {
        try (var http = RawHttp.connect("http://127.0.0.1:" + platform.managementPort())) {
            return http.get(path).readResponse();
        }
    }

    /// The sum of a meter's series that carry all of these labels.
    ///
    /// @param labels as `/metrics` writes them: `model="fake"`
    double metric(String name, String... labels) {
        return management("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> Stream.of(labels).allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}
