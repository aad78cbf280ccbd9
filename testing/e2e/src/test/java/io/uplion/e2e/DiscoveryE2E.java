// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.http.CannedServer;
import io.uplion.testing.platform.Platform;
import io.uplion.testing.provider.FakeProvider;
import io.uplion.testing.wait.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Models that appear by themselves where a provider or a server is named.
class DiscoveryE2E {
    @Test
    void namedProvidersShowTheirModelsAndManifestsWin() throws IOException {
        try (var provider = FakeProvider.start();
                var ollama = FakeProvider.start();
                var llamaCpp = FakeProvider.start()) {
            provider.script("gpt-found", "key=sk-found;tokens=2");
            provider.script("shared", "tokens=2");
            ollama.script("llama-found", "tokens=2");
            llamaCpp.script("gguf-found", "tokens=2");
            var named =
                    Map.of(
                            "OPENAI_API_KEY",
                            "sk-found",
                            "OPENAI_BASE_URL",
                            provider.baseUrl() + "/",
                            "OLLAMA_HOST",
                            "127.0.0.1:" + ollama.port(),
                            "LLAMACPP_BASE_URL",
                            llamaCpp.baseUrl());
            try (var platform = Platform.start(named)) {
                var api = new Api(platform);
                assertThat(api.modelIds())
                        .contains(
                                "gpt-found",
                                "shared",
                                "llama-found",
                                "gguf-found",
                                "simulator",
                                "fake");
                for (String model : new String[] {"gpt-found", "llama-found", "gguf-found"}) {
                    assertThat(api.chat(model, "").status()).as(model).isEqualTo(200);
                }
                platform.provider().script("shared", "tokens=1");
                platform.write(
                        "shared.yaml",
                        Platform.manifest("shared", platform.provider().baseUrl(), ""));
                Await.until(
                        "the manifest wins",
                        Duration.ofSeconds(15),
                        () ->
                                api.chat("shared", "").status() == 200
                                        && !platform.provider().served("shared").isEmpty());
                int asked = provider.served("shared").size();
                for (int i = 0; i < 10; i++) {
                    assertThat(api.chat("shared", "").status()).isEqualTo(200);
                }
                assertThat(provider.served("shared")).as("not asked any more").hasSize(asked);
                assertThat(api.modelIds()).containsOnlyOnce("shared");
                Files.delete(platform.models().resolve("shared.yaml"));
                Await.until(
                        "the found one is back",
                        Duration.ofSeconds(15),
                        () ->
                                api.chat("shared", "").status() == 200
                                        && provider.served("shared").size() > asked);
            }
        }
    }

    /// The log says once, and in words, why models are missing; secrets are not in it.
    @Test
    void troubleIsToldInWordsAndHoldsNothingUp() throws IOException {
        var ids = "{\"data\":[{\"id\":\"good\"},{\"id\":\"\\u001b[2Jbad\"}]}";
        try (var log = new LogCapture();
                var server = new CannedServer("HTTP/1.1 200 OK\r\n\r\n" + ids);
                var platform =
                        Platform.start(
                                Map.of(
                                        "OPENAI_API_KEY", "sk-secret\r",
                                        "OPENAI_BASE_URL", "http://10.1.2.3/v1",
                                        "LLAMACPP_BASE_URL", server.url()))) {
            assertThat(new Api(platform).modelIds()).contains("good", "simulator").hasSize(3);
            log.assertSays("WARN", "openai", "10.1.2.3", "UPLION_WORKER_ALLOWED_NETWORKS");
            log.assertSays("WARN", "llamacpp", "no model can have", "[2Jbad");
            assertThat(log.lines()).noneMatch(line -> line.contains("sk-secret"));
            assertThat(log.lines()).noneMatch(line -> line.contains("\u001b"));
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("models are missing"))
                    .noneMatch(line -> line.contains("null"));
        }
    }

    @Test
    void refusedConnectionIsToldInWords() {
        try (var log = new LogCapture();
                var platform =
                        Platform.start(Map.of("LLAMACPP_BASE_URL", "http://127.0.0.1:1/v1"))) {
            assertThat(new Api(platform).modelIds()).containsExactlyInAnyOrder("fake", "simulator");
            log.assertSays("WARN", "llamacpp", "it refuses connections");
        }
    }
}
