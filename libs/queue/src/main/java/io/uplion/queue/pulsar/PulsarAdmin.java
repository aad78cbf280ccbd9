// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.pulsar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.uplion.queue.TaskQueue.QueueException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// The broker's admin API, as far as we need it. Calls block, and fail with [QueueException].
///
/// By hand, because the client library for it and the one for messages cannot stand on one class
/// path: they contain each other.
public final class PulsarAdmin implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final Duration MAKING = Duration.ofSeconds(15);
    private static final Duration AGAIN = Duration.ofMillis(300);
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final URI base;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT_TIMEOUT)
                    // A broker sends on to the one that has the topic.
                    .followRedirects(HttpClient.Redirect.NORMAL)
                    .build();

    /// @param adminUrl `http://host:port`
    public PulsarAdmin(String adminUrl) {
        this.base = URI.create(adminUrl.replaceFirst("/*$", "") + "/admin/v2/");
    }

    /// @return nothing where there is no such thing
    Optional<JsonNode> get(String path) {
        HttpResponse<byte[]> answer = ask("GET", path, "");
        if (answer.statusCode() == NOT_FOUND) {
            return Optional.empty();
        }
        expect(answer, answer.statusCode() / 100 == 2);
        try {
            return Optional.of(MAPPER.readTree(answer.body()));
        } catch (IOException e) {
            throw new QueueException("the broker's answer to " + path + " is no JSON", e);
        }
    }

    /// Makes something, or leaves it as it is where it exists. A broker that has lost its storage
    /// for a moment answers with a fault of its own: it is asked again, for a bounded time.
    void make(String path, String json) {
        long begun = System.nanoTime();
        HttpResponse<byte[]> answer = ask("PUT", path, json);
        while (answer.statusCode() / 100 == 5 && System.nanoTime() - begun < MAKING.toNanos()) {
            LockSupport.parkNanos(AGAIN.toNanos());
            answer = ask("PUT", path, json);
        }
        expect(answer, answer.statusCode() / 100 == 2 || answer.statusCode() == CONFLICT);
    }

    void set(String path, String json) {
        HttpResponse<byte[]> answer = ask("POST", path, json);
        expect(answer, answer.statusCode() / 100 == 2);
    }

    /// Does nothing where there is no such thing.
    void delete(String path) {
        HttpResponse<byte[]> answer = ask("DELETE", path, "");
        expect(answer, answer.statusCode() / 100 == 2 || answer.statusCode() == NOT_FOUND);
    }

    private HttpResponse<byte[]> ask(String method, String path, String json) {
        HttpRequest request =
                HttpRequest.newBuilder(base.resolve(path))
                        .method(method, BodyPublishers.ofString(json))
                        .header("content-type", "application/json")
                        .timeout(TIMEOUT)
                        .build();
        try {
            return http.send(request, BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new QueueException("the broker cannot be asked: " + method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new QueueException("interrupted while asking the broker: " + path, e);
        }
    }

    private static void expect(HttpResponse<byte[]> answer, boolean well) {
        if (!well) {
            throw new QueueException(
                    "the broker answered %d to %s %s: %s"
                            .formatted(
                                    answer.statusCode(),
                                    answer.request().method(),
                                    answer.request().uri().getPath(),
                                    reason(answer.body())));
        }
    }

    private static String reason(byte[] body) {
        try {
            return MAPPER.readTree(body).path("reason").asText("no reason");
        } catch (IOException e) {
            return "no reason";
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
