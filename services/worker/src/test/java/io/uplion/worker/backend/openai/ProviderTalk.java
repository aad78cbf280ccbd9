// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.catalog.SecretSource;
import io.uplion.catalog.Serving.Provider;
import io.uplion.catalog.Serving.Remote;
import io.uplion.openai.Endpoint;
import io.uplion.openai.RequestHead;
import io.uplion.task.FromWorker.Failure.Kind;
import io.uplion.testing.wait.Await;
import io.uplion.worker.WorkerConfig;
import io.uplion.worker.backend.Backend.Call;
import io.uplion.worker.backend.Backend.Chunk;
import io.uplion.worker.backend.Backend.Failed;
import io.uplion.worker.backend.Backend.Request;
import io.uplion.worker.backend.Backend.Signal;
import io.uplion.worker.network.AllowedNetworks;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/// Asks providers on a real event loop and keeps what the backend signals.
final class ProviderTalk implements AutoCloseable {
    static final Duration LIMIT = Duration.ofSeconds(10);

    final Vertx vertx = Vertx.vertx();
    final AnswerMemory memory;
    private final int maxAnswerBytes;

    /// A client that nobody holds is closed by the garbage collector, in mid-answer.
    private final List<OpenAiBackend> backends = new CopyOnWriteArrayList<>();

    ProviderTalk() {
        this(100_000, new AnswerMemory(1 << 20));
    }

    ProviderTalk(int maxAnswerBytes, AnswerMemory memory) {
        this.maxAnswerBytes = maxAnswerBytes;
        this.memory = memory;
    }

    WorkerConfig config(List<String> networks) {
        return new WorkerConfig(
                Duration.ofSeconds(2),
                Duration.ofSeconds(10),
                Duration.ofSeconds(1),
                maxAnswerBytes,
                1 << 20,
                AllowedNetworks.parse(networks));
    }

    OpenAiBackend backend(String baseUrl, String model, Optional<String> key) {
        return backend(baseUrl, model, key, 20);
    }

    OpenAiBackend backend(String baseUrl, String model, Optional<String> key, int atOnce) {
        var remote =
                new Remote(
                        Provider.OPENAI,
                        URI.create(baseUrl),
                        model,
                        key.map(_ -> new SecretSource.Env("KEY")));
        var backend =
                new OpenAiBackend(
                        vertx, remote, () -> key, config(AllowedNetworks.LOOPBACK), memory, atOnce);
        backends.add(backend);
        return backend;
    }

    /// A provider that answers every request with these events, and closes the connection.
    String streaming(String... events) {
        return answering(
                "text/event-stream", "data: " + String.join("\n\ndata: ", events) + "\n\n");
    }

    /// A provider that never ends what it answers every request with.
    String unending(int status, String contentType, String body) {
        var server =
                vertx.createHttpServer()
                        .requestHandler(
                                request ->
                                        request.response()
                                                .setStatusCode(status)
                                                .setChunked(true)
                                                .putHeader("content-type", contentType)
                                                .putHeader("retry-after", "7")
                                                .write(body));
        return "http://127.0.0.1:" + server.listen(0, "127.0.0.1").await().actualPort() + "/v1";
    }

    /// A provider that answers every request with this body.
    String answering(String contentType, String body) {
        var server =
                vertx.createHttpServer()
                        .requestHandler(
                                request ->
                                        request.response()
                                                .putHeader("content-type", contentType)
                                                .end(body));
        return "http://127.0.0.1:" + server.listen(0, "127.0.0.1").await().actualPort() + "/v1";
    }

    /// One call and its signals.
    static final class Asked {
        final List<Signal> signals = new CopyOnWriteArrayList<>();
        final CompletableFuture<Call> call = new CompletableFuture<>();

        List<Signal> all() {
            Await.until("the last signal", LIMIT, this::isOver);
            return List.copyOf(signals);
        }

        private boolean isOver() {
            return !signals.isEmpty() && !(signals.getLast() instanceof Chunk);
        }

        Signal last() {
            return all().getLast();
        }

        Failed failed(Kind kind) {
            assertThat(last())
                    .isInstanceOfSatisfying(
                            Failed.class,
                            failed -> assertThat(failed.failure().kind()).isEqualTo(kind));
            return (Failed) last();
        }

        String text() {
            return all().stream()
                    .filter(Chunk.class::isInstance)
                    .map(chunk -> new String(((Chunk) chunk).data(), StandardCharsets.UTF_8))
                    .collect(Collectors.joining("\n"));
        }
    }

    Asked ask(OpenAiBackend backend, Endpoint endpoint, String json) {
        var body = json.getBytes(StandardCharsets.UTF_8);
        var head = ((RequestHead.Parsed) RequestHead.parse(endpoint, body)).head();
        var asked = new Asked();
        vertx.getOrCreateContext()
                .runOnContext(
                        _ ->
                                asked.call.complete(
                                        backend.start(
                                                new Request(head, body), asked.signals::add)));
        asked.call.join();
        return asked;
    }

    @Override
    public void close() {
        vertx.close().await();
    }
}
