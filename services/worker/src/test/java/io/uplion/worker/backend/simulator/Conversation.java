// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.uplion.catalog.Serving.Simulator;
import io.uplion.openai.Endpoint;
import io.uplion.openai.RequestHead;
import io.uplion.worker.backend.Backend.Call;
import io.uplion.worker.backend.Backend.Chunk;
import io.uplion.worker.backend.Backend.Ended;
import io.uplion.worker.backend.Backend.Request;
import io.uplion.worker.backend.Backend.Signal;
import io.uplion.worker.backend.Backend.Whole;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/// Talks to a simulator on a real event loop and waits for what it says.
final class Conversation {
    static final ObjectMapper JSON = new ObjectMapper();
    static final String MODEL = "simulator";

    private final Vertx vertx;
    private final SimulatorBackend backend;

    Conversation(Vertx vertx, Simulator settings) {
        this.vertx = vertx;
        this.backend = new SimulatorBackend(vertx, settings, MODEL);
    }

    static Conversation quick(Vertx vertx, int tokens) {
        return new Conversation(vertx, new Simulator(Duration.ZERO, Duration.ZERO, tokens));
    }

    static Request request(Endpoint endpoint, String body) {
        var json = body.replace('\'', '"');
        var bytes = ("{\"model\":\"simulator\"," + json + "}").getBytes(StandardCharsets.UTF_8);
        var parsed = RequestHead.parse(endpoint, bytes);
        assertThat(parsed).as(json).isInstanceOf(RequestHead.Parsed.class);
        return new Request(((RequestHead.Parsed) parsed).head(), bytes);
    }

    /// @param body the fields after `model`; single quotes stand for double ones
    Said chat(String body) {
        return ask(request(Endpoint.CHAT, body));
    }

    Said complete(String body) {
        return ask(request(Endpoint.COMPLETIONS, body));
    }

    Said embed(String body) {
        return ask(request(Endpoint.EMBEDDINGS, body));
    }

    Said ask(Request request) {
        var said = new ArrayList<Signal>();
        var done = new CompletableFuture<List<Signal>>();
        start(
                request,
                (_, signal) -> {
                    said.add(signal);
                    if (!(signal instanceof Chunk)) {
                        done.complete(List.copyOf(said));
                    }
                });
        try {
            return new Said(done.get(30, TimeUnit.SECONDS));
        } catch (Exception e) {
            throw new AssertionError("after " + said, e);
        }
    }

    /// Starts on an event loop; the signals come with the call that they belong to.
    void start(Request request, BiConsumer<Call, Signal> signals) {
        vertx.getOrCreateContext()
                .runOnContext(
                        _ -> {
                            var call = new CompletableFuture<Call>();
                            call.complete(
                                    backend.start(
                                            request,
                                            signal -> signals.accept(call.getNow(null), signal)));
                        });
    }

    static JsonNode json(byte[] bytes) {
        try {
            return JSON.readTree(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    record Said(List<Signal> signals) {

        JsonNode whole() {
            assertThat(signals).hasSize(1);
            return json(((Whole) signals.getFirst()).body());
        }

        /// The refusal's `error` object.
        JsonNode refused() {
            assertThat(signals).hasSize(1);
            var whole = (Whole) signals.getFirst();
            assertThat(whole.status()).isEqualTo(400);
            assertThat(whole.contentType()).isEqualTo("application/json");
            assertThat(whole.content()).isEmpty();
            var error = whole().path("error");
            assertThat(error.fieldNames())
                    .toIterable()
                    .containsExactly("message", "type", "param", "code");
            return error;
        }

        List<JsonNode> chunks() {
            assertThat(signals.getLast()).isInstanceOf(Ended.class);
            return signals.subList(0, signals.size() - 1).stream()
                    .map(signal -> json(((Chunk) signal).data()))
                    .toList();
        }

        /// The streamed text of one choice.
        String text(int index) {
            var text = new StringBuilder();
            for (var chunk : chunks()) {
                for (var choice : chunk.path("choices")) {
                    if (choice.path("index").asInt() == index) {
                        text.append(choice.path("delta").path("content").asText(""));
                        text.append(choice.path("text").asText(""));
                    }
                }
            }
            return text.toString();
        }

        String content() {
            return whole().at("/choices/0/message/content").textValue();
        }

        String finish() {
            return whole().at("/choices/0/finish_reason").textValue();
        }
    }
}
