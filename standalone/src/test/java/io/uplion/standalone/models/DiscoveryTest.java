// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.SecretSource;
import io.uplion.catalog.Serving;
import io.uplion.platform.settings.Settings;
import io.uplion.testing.provider.FakeProvider;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiscoveryTest {
    private static final String NOBODY = "127.0.0.1:1";

    private static Discovery.Config read(Map<String, String> environment) {
        var settings = new Settings(environment);
        var config = Discovery.Config.read(settings);
        settings.check();
        return config;
    }

    private static List<AIModel> look(Map<String, String> environment) {
        return new Discovery(read(environment)).look();
    }

    @ParameterizedTest
    @CsvSource({
        "'',http://127.0.0.1:11434/v1",
        "' ',http://127.0.0.1:11434/v1",
        "localhost,http://localhost:11434/v1",
        "192.168.1.5,http://192.168.1.5:11434/v1",
        "box:9999,http://box:9999/v1",
        "0.0.0.0,http://127.0.0.1:11434/v1",
        "0.0.0.0:8000,http://127.0.0.1:8000/v1",
        ":8000,http://127.0.0.1:8000/v1",
        "[::]:8000,http://[::1]:8000/v1",
        "[::1],http://[::1]:11434/v1",
        "::1,http://[::1]:11434/v1",
        "http://box,http://box:11434/v1",
        "http://box:80,http://box:80/v1",
        "http://box:80/,http://box:80/v1",
        "https://ollama.example,https://ollama.example/v1",
        "https://ollama.example:8443,https://ollama.example:8443/v1",
    })
    void everyFormOfOllamasVariableIsUnderstood(String host, String expected) {
        var places = read(Map.of("OLLAMA_HOST", host)).places();

        assertThat(places).hasSize(1);
        assertThat(places.getFirst().name()).isEqualTo("ollama");
        assertThat(places.getFirst().baseUrl()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"not a host", "http://", "box:port", "ftp://box"})
    void formsThatAreNoneAreAWrongSetting(String host) {
        assertThatThrownBy(() -> read(Map.of("OLLAMA_HOST", host)))
                .isInstanceOf(Settings.SettingsException.class)
                .hasMessageContaining("OLLAMA_HOST");
    }

    @Test
    void onlyOllamaIsLookedForUnasked() {
        assertThat(read(Map.of()).places())
                .extracting(Discovery.Place::name)
                .containsExactly("ollama");
        assertThat(
                        read(Map.of(
                                        "OPENAI_API_KEY", "sk-x",
                                        "LLAMACPP_BASE_URL", "http://127.0.0.1:8081/v1"))
                                .places())
                .extracting(Discovery.Place::name)
                .containsExactlyInAnyOrder("openai", "ollama", "llamacpp");
    }

    @Test
    void keyIsNotPrinted() {
        assertThat(read(Map.of("OPENAI_API_KEY", "sk-secret")).toString())
                .doesNotContain("sk-secret");
    }

    @Test
    void modelsOfAServerAppear() {
        try (var provider = FakeProvider.start()) {
            provider.script("some/model:7b", "tokens=1");
            var models =
                    look(
                            Map.of(
                                    "OLLAMA_HOST",
                                    NOBODY,
                                    "OPENAI_API_KEY",
                                    "sk-x",
                                    "OPENAI_BASE_URL",
                                    provider.baseUrl() + "/"));

            assertThat(models).isNotEmpty();
            assertThat(models)
                    .allSatisfy(
                            model ->
                                    assertThat(model.serving())
                                            .isEqualTo(
                                                    new Serving.Remote(
                                                            Serving.Provider.OPENAI,
                                                            URI.create(provider.baseUrl()),
                                                            model.model(),
                                                            Optional.of(
                                                                    new SecretSource.Env(
                                                                            "OPENAI_API_KEY")))));
            assertThat(models)
                    .extracting(AIModel::name)
                    .allMatch(name -> name.startsWith("openai-"));
            var asked = provider.served().getLast();
            assertThat(asked.header("authorization")).isEqualTo("Bearer sk-x");
            assertThat(asked.path()).isEqualTo("/v1/models");
        }
    }

    @Test
    void serverThatMissesAQuestionKeepsItsModelsForAWhile() {
        Discovery discovery;
        List<AIModel> found;
        try (var provider = FakeProvider.start()) {
            discovery = new Discovery(read(Map.of("OLLAMA_HOST", "127.0.0.1:" + provider.port())));
            found = discovery.look();
            assertThat(found).isNotEmpty();
        }

        assertThat(discovery.look()).isEqualTo(found);
        assertThat(discovery.look()).isEqualTo(found);
        assertThat(discovery.look()).isEmpty();
    }

    @Test
    void placesThatDoNotAnswerHaveNoModels() {
        assertThat(
                        look(
                                Map.of(
                                        "OLLAMA_HOST", NOBODY,
                                        "LLAMACPP_BASE_URL", "http://127.0.0.1:1/v1",
                                        "OPENAI_API_KEY", "two\nlines",
                                        "OPENAI_BASE_URL", "not a url")))
                .isEmpty();
    }
}
