// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.uplion.gateway.GatewayConfig;
import io.uplion.platform.settings.Settings;
import io.uplion.standalone.Standalone;
import io.uplion.standalone.StandaloneConfig;
import io.uplion.standalone.distributed.process.Supervisor;
import io.uplion.standalone.distributed.server.PulsarDistribution;
import io.uplion.standalone.distributed.server.PulsarServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `./uplion train`, for the launcher alone: starts the platform, answers some requests and stops,
/// while the JVM notes which classes that takes. From these notes it makes the cache (JEP 514) that
/// later starts use.
@Command(name = "train", hidden = true, description = "Makes what the AOT cache is made from.")
final class TrainCommand implements Callable<Integer> {
    private static final int ROUNDS = 50;
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// A simulator that does not dawdle, and the platform as its own upstream, so that the way to a
    /// provider is walked, too.
    @SuppressWarnings("InlineFormatString")
    private static final String MODELS =
            """
            apiVersion: uplion.io/v1alpha1
            kind: AIModel
            metadata: {name: quick}
            spec:
              type: local
              local: {engine: simulator, simulator: {ttft: 1ms, interToken: 1ms, tokens: 8}}
            ---
            apiVersion: uplion.io/v1alpha1
            kind: AIModel
            metadata: {name: loop}
            spec:
              type: remote
              remote: {provider: openai, baseUrl: "%s/v1", model: quick, apiKey: {file: "%s"}}
            """;

    @Mixin private DataOption data = new DataOption();

    @Option(names = "--distributed", description = "For the processes of the distributed form.")
    private boolean distributed;

    private final HttpClient client = HttpClient.newHttpClient();

    @Override
    public Integer call() throws IOException, InterruptedException {
        haltLater();
        start();
        if (distributed) {
            rehearse();
        }
        // Most starts find data: that way is walked, too.
        return start();
    }

    /// The broker trains as well, unless that was done for another checkout. Its cache appears as a
    /// whole.
    private void rehearse() throws IOException, InterruptedException {
        PulsarDistribution pulsar = PulsarDistribution.find(System.getenv());
        Path made = data.directory().resolve("pulsar.aot");
        try (Supervisor supervisor =
                Supervisor.open(data.directory(), _ -> {}, new SimpleMeterRegistry())) {
            boolean isTrained = Files.exists(pulsar.cache());
            PulsarServer server =
                    isTrained
                            ? PulsarServer.start(supervisor, data.directory(), pulsar)
                            : PulsarServer.startInTraining(
                                    supervisor, data.directory(), pulsar, made.toAbsolutePath());
            Rehearsal.run(data.directory(), server);
        }
        if (Files.exists(made) && Files.isWritable(pulsar.home().getParent())) {
            Path aside = Files.createTempFile(pulsar.home().getParent(), "aot", "");
            Files.copy(made, aside, StandardCopyOption.REPLACE_EXISTING);
            Files.move(aside, pulsar.cache(), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private int start() throws IOException, InterruptedException {
        try (Standalone platform = Standalone.start(config(), Clock.systemUTC())) {
            Thread hook = new Thread(platform::close, "stop");
            Runtime.getRuntime().addShutdownHook(hook);
            if (platform.firstRun().isPresent()) {
                ask(platform, platform.firstRun().get().apiKey().reveal());
            }
            Runtime.getRuntime().removeShutdownHook(hook);
            return 0;
        }
    }

    private void ask(Standalone platform, String key) throws IOException, InterruptedException {
        send(HttpRequest.newBuilder(URI.create(platform.url() + "/v1/models")), key);
        Path file = Files.writeString(data.directory().resolve("models/key"), key);
        Files.writeString(
                data.directory().resolve("models/train.yaml"),
                MODELS.formatted(platform.url(), file));
        await(platform, "loop");
        for (int round = 0; round < ROUNDS; round++) {
            chat(platform, key, "quick", round);
            chat(platform, key, "loop", round);
        }
        String management = "http://127.0.0.1:" + platform.managementPort();
        send(HttpRequest.newBuilder(URI.create(management + "/metrics")), key);
    }

    /// Every second one streamed.
    private void chat(Standalone platform, String key, String model, int round)
            throws IOException, InterruptedException {
        String body =
                """
                {"model":"%s","stream":%s,"max_tokens":3,\
                "messages":[{"role":"user","content":"hi"}]}"""
                        .formatted(model, round % 2 == 0);
        send(
                HttpRequest.newBuilder(URI.create(platform.url() + "/v1/chat/completions"))
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)),
                key);
    }

    /// Whatever the answer: the cache is made of what was loaded on the way to it.
    private void send(HttpRequest.Builder request, String key)
            throws IOException, InterruptedException {
        HttpRequest whole =
                request.header("authorization", "Bearer " + key).timeout(PATIENCE).build();
        client.send(whole, HttpResponse.BodyHandlers.discarding());
    }

    private static void await(Standalone platform, String model) throws InterruptedException {
        for (int look = 0; look < 50; look++) {
            if (platform.models().stream().anyMatch(served -> served.equals(model))) {
                return;
            }
            Thread.sleep(100);
        }
    }

    private StandaloneConfig config() {
        // Nothing of the operator's: not his settings, nor the providers he has keys for.
        Map<String, String> environment = Map.of("OLLAMA_HOST", "127.0.0.1:1");
        return StandaloneConfig.read(
                new Settings(environment),
                environment,
                new StandaloneConfig.Options(
                        new GatewayConfig.Address("127.0.0.1", 0, Optional.empty()),
                        0,
                        data.directory(),
                        data.directory().resolve("models"),
                        false));
    }

    /// A start must never hang because of what should make it quicker.
    private static void haltLater() {
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                Thread.sleep(LIMIT);
                                System.exit(1);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
    }
}
