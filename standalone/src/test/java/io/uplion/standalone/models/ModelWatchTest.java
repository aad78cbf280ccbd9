// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.Serving;
import io.uplion.platform.settings.Settings;
import io.uplion.testing.provider.FakeProvider;
import io.uplion.testing.wait.Await;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelWatchTest {
    @TempDir private Path directory;
    private Vertx vertx;
    private FakeProvider ollama;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        ollama = FakeProvider.start();
        ollama.script("simulator", "tokens=1");
        ollama.script("other", "tokens=1");
    }

    @AfterEach
    void close() {
        ollama.close();
        vertx.close().await();
    }

    /// What serves each model.
    private List<AIModel> wanted() {
        var settings = new Settings(Map.of("OLLAMA_HOST", "127.0.0.1:" + ollama.port()));
        var discovery = new Discovery(Discovery.Config.read(settings), vertx);
        var told = new AtomicReference<List<AIModel>>(List.of());
        try (var watch = new ModelWatch(new ModelFiles(directory), discovery, told::set)) {
            watch.start();
            return told.get();
        }
    }

    private static final Duration EFFECT = Duration.ofSeconds(3);

    private static String manifest(String name, int slots) {
        return """
                apiVersion: uplion.io/v1alpha1
                kind: AIModel
                metadata: {name: %s}
                spec:
                  type: local
                  local: {engine: simulator}
                  concurrency: %d
                """
                .formatted(name, slots);
    }

    @Test
    void whatIsDoneToFilesTakesEffectWithinThreeSeconds() throws IOException {
        var settings = new Settings(Map.of("OLLAMA_HOST", "127.0.0.1:" + ollama.port()));
        var discovery = new Discovery(Discovery.Config.read(settings), vertx);
        var told = new AtomicReference<List<AIModel>>(List.of());
        var file = directory.resolve("a.yaml");
        try (var watch = new ModelWatch(new ModelFiles(directory), discovery, told::set)) {
            watch.start();
            Files.writeString(file, manifest("added", 3));
            Await.until("it is added", EFFECT, () -> slots(told.get()).equals(List.of(3)));
            Files.writeString(file, manifest("added", 14));
            Await.until("it is changed", EFFECT, () -> slots(told.get()).equals(List.of(14)));
            Files.writeString(file, "nonsense");
            Await.until("it is wrong", EFFECT, () -> slots(told.get()).isEmpty());
            Files.writeString(file, manifest("added", 15));
            Await.until("it is right", EFFECT, () -> slots(told.get()).equals(List.of(15)));
            Files.delete(file);
            Await.until("it is removed", EFFECT, () -> slots(told.get()).isEmpty());
        }
    }

    private static List<Integer> slots(List<AIModel> models) {
        return models.stream()
                .filter(model -> model.name().equals("added"))
                .map(AIModel::concurrency)
                .toList();
    }

    @Test
    void foundModelDoesNotReplaceTheSimulator() {
        assertThat(wanted())
                .filteredOn(model -> model.model().equals("simulator"))
                .extracting(AIModel::serving)
                .containsExactly(Serving.Simulator.DEFAULT);
        assertThat(wanted()).extracting(AIModel::model).contains("other");
    }

    @Test
    void manifestReplacesTheSimulatorAndWhatIsFound() throws IOException {
        for (var model : List.of("simulator", "other")) {
            Files.writeString(
                    directory.resolve(model + ".yaml"),
                    """
                    apiVersion: uplion.io/v1alpha1
                    kind: AIModel
                    metadata: {name: my-%s}
                    spec:
                      model: %s
                      type: remote
                      remote: {provider: openai, baseUrl: "http://127.0.0.1:1/v1"}
                    """
                            .formatted(model, model));
        }

        assertThat(wanted())
                .extracting(AIModel::name)
                .contains("my-simulator", "my-other")
                .doesNotContain("simulator");
        assertThat(wanted()).filteredOn(model -> model.model().equals("other")).hasSize(1);
    }
}
