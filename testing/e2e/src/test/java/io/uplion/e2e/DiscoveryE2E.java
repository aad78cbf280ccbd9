// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

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
                        Duration.ofSeconds(4),
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
                        Duration.ofSeconds(4),
                        () ->
                                api.chat("shared", "").status() == 200
                                        && provider.served("shared").size() > asked);
            }
        }
    }
}
