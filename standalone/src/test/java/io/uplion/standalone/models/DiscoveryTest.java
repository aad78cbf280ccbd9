// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.uplion.catalog.AIModel;
import io.uplion.catalog.SecretSource;
import io.uplion.catalog.Serving;
import io.uplion.platform.settings.Settings;
import io.uplion.testing.http.CannedServer;
import io.uplion.testing.provider.FakeProvider;
import io.uplion.testing.wait.Await;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiscoveryTest {
    private static final String NOBODY = "127.0.0.1:1";
    private static final String OK = "HTTP/1.1 200 OK\r\n\r\n";
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static Vertx vertx;
    private final List<String> told = new ArrayList<>();

    private static Discovery.Config read(Map<String, String> environment) {
        var settings = new Settings(environment);
        var config = Discovery.Config.read(settings);
        settings.check();
        return config;
    }

    @BeforeAll
    static void open() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void close() {
        vertx.close().await();
    }

    private Discovery discovery(Map<String, String> environment) {
        return new Discovery(
                read(environment), vertx, (place, why) -> told.add(place.name() + ": " + why));
    }

    private List<AIModel> look(Map<String, String> environment) {
        return discovery(environment).look();
    }

    private static Map<String, String> llamaCpp(String baseUrl) {
        return Map.of("OLLAMA_HOST", NOBODY, "LLAMACPP_BASE_URL", baseUrl);
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
        assertThat(places.getFirst().baseUrl()).isEqualTo(URI.create(expected));
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
            discovery = discovery(Map.of("OLLAMA_HOST", "127.0.0.1:" + provider.port()));
            found = discovery.look();
            assertThat(found).isNotEmpty();
        }

        assertThat(discovery.look()).isEqualTo(found);
        assertThat(discovery.look()).isEqualTo(found);
        assertThat(discovery.look()).isEmpty();
    }

    @Test
    void placesThatDoNotAnswerHaveNoModelsAndThatIsToldOnceInWords() {
        var discovery =
                discovery(
                        Map.of(
                                "OLLAMA_HOST", NOBODY,
                                "LLAMACPP_BASE_URL", "http://127.0.0.1:1/v1",
                                "OPENAI_API_KEY", "sk-x",
                                "OPENAI_BASE_URL", "http://nobody.invalid/v1"));

        assertThat(discovery.look()).isEmpty();
        assertThat(discovery.look()).isEmpty();
        assertThat(told)
                .containsExactly(
                        "openai: the host nobody.invalid cannot be resolved",
                        "llamacpp: it refuses connections");
    }

    /// Each question has its bound, and all are asked at once.
    @Test
    void serversThatStallCostThreeSecondsTogether() throws IOException {
        try (var silent = new StubbornServer("", "");
                var stalled = new StubbornServer(OK + "{\"data\":[", "");
                var patient = FakeProvider.start()) {
            var begin = System.nanoTime();
            var models =
                    look(
                            Map.of(
                                    "OPENAI_API_KEY",
                                    "sk-x",
                                    "OPENAI_BASE_URL",
                                    silent.url(),
                                    "LLAMACPP_BASE_URL",
                                    stalled.url(),
                                    "OLLAMA_HOST",
                                    "127.0.0.1:" + patient.port()));

            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isLessThan(Duration.ofSeconds(5));
            assertThat(models).extracting(AIModel::name).allMatch(n -> n.startsWith("ollama-"));
            assertThat(models).isNotEmpty();
            assertThat(told)
                    .containsExactly(
                            "openai: it did not answer within 3 s",
                            "llamacpp: it did not answer within 3 s");
            Await.until("they are not listened to", LIMIT, () -> silent.left() && stalled.left());
        }
    }

    @Test
    void answerWithoutAnEndIsReadUpToABound() throws IOException {
        try (var endless = new StubbornServer(OK + "{\"data\":[", " ".repeat(64 << 10))) {
            assertThat(look(llamaCpp(endless.url()))).isEmpty();

            assertThat(told).containsExactly("llamacpp: its answer is larger than 4 MiB");
            Await.until("it is not listened to", LIMIT, endless::left);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u001b[31m", "{\"data\":", "[]", "{\"data\":{}}", ""})
    void answersThatAreNoneAreToldWithoutTheirWords(String body) throws IOException {
        try (var server = new CannedServer(OK + body)) {
            assertThat(look(llamaCpp(server.url()))).isEmpty();

            assertThat(told).containsExactly("llamacpp: its answer is no list of models");
        }
    }

    @Test
    void serverWithoutModelsIsRight() throws IOException {
        try (var server = new CannedServer(OK + "{\"object\":\"list\",\"data\":null}")) {
            assertThat(look(llamaCpp(server.url()))).isEmpty();

            assertThat(told).isEmpty();
        }
    }

    @Test
    void idsThatAreNoNamesAreLeftOutAndShownHarmlessly() throws IOException {
        var ids =
                """
                {"data":[{"id":"good"},{"id":"\\u001b[2Jgone"},{"id":"two\\nlines"},{"id":7},{}]}\
                """;
        try (var server = new CannedServer(OK + ids)) {
            assertThat(look(llamaCpp(server.url())))
                    .extracting(AIModel::model)
                    .containsExactly("good", "7");

            assertThat(told).hasSize(1);
            assertThat(told.getFirst()).contains("[2Jgone", "two").matches("\\P{Cntrl}*");
        }
    }

    @Test
    void longNamesAreToldTooAndHowManyThereAre() throws IOException {
        var ids =
                IntStream.range(0, 8)
                        .mapToObj(i -> "{\"id\":\"" + i + "long".repeat(50) + "\"}")
                        .collect(Collectors.joining(",", "{\"data\":[{\"id\":\"good\"},", "]}"));
        try (var server = new CannedServer(OK + ids)) {
            assertThat(look(llamaCpp(server.url())))
                    .extracting(AIModel::model)
                    .containsExactly("good");

            assertThat(told).hasSize(1);
            assertThat(told.getFirst()).contains("'0long", "'4long").endsWith(" and 3 more");
            assertThat(told.getFirst()).doesNotContain("'5long");
        }
    }

    @Test
    void aListOfHundredsIsWholeAndOfOneThatHasNoEndTheRestIsToldOnce() throws IOException {
        try (var server = new CannedServer(OK + list(601))) {
            assertThat(look(llamaCpp(server.url()))).hasSize(601);
            assertThat(told).isEmpty();
        }
        var server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var body = list(FoundModels.MAX_MODELS + 7).getBytes(StandardCharsets.US_ASCII);
        server.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
        try {
            var url = "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
            var discovery = discovery(llamaCpp(url));
            assertThat(discovery.look()).hasSize(FoundModels.MAX_MODELS);
            assertThat(discovery.look()).hasSize(FoundModels.MAX_MODELS);
        } finally {
            server.stop(0);
        }
        assertThat(told)
                .containsExactly("llamacpp: it lists 5007 models: the last 7 of them are left out");
    }

    private static String list(int models) {
        return IntStream.range(0, models)
                .mapToObj(i -> "{\"id\":\"model-" + i + "\"}")
                .collect(Collectors.joining(",", "{\"data\":[", "]}"));
    }

    /// What a worker would not call is not asked either: the question carries the key.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://169.254.169.254/v1",
                "http://[fe80::1]/v1",
                "http://10.0.0.1/v1",
                "http://192.168.0.1/v1",
            })
    void addressesThatWorkersMayNotCallAreNotAsked(String url) {
        var models =
                look(
                        Map.of(
                                "OLLAMA_HOST", NOBODY,
                                "OPENAI_API_KEY", "sk-x",
                                "OPENAI_BASE_URL", url));

        assertThat(models).isEmpty();
        assertThat(told).hasSize(1);
        assertThat(told.getFirst()).contains("not allowed", "UPLION_WORKER_ALLOWED_NETWORKS");
    }

    @Test
    void loopbackIsAskedOnlyWhereWorkersMayCallIt() {
        try (var provider = FakeProvider.start()) {
            var named =
                    Map.of(
                            "OLLAMA_HOST",
                            "127.0.0.1:" + provider.port(),
                            "UPLION_WORKER_ALLOWED_NETWORKS",
                            "10.0.0.0/8");

            assertThat(look(named)).isEmpty();
            assertThat(provider.served()).isEmpty();
            assertThat(told).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "OPENAI_BASE_URL,nonsense",
        "OPENAI_BASE_URL,http://user:must-not-be-seen@host/v1",
        "LLAMACPP_BASE_URL,host:8081/must-not-be-seen",
        "OLLAMA_HOST,http://user:must-not-be-seen@host",
        "OPENAI_API_KEY,sk-must not be seen",
        "OPENAI_API_KEY,sk-must-not-be-\u00e9",
    })
    void wrongSettingsAreNamedAndTheirValuesNotRepeated(String name, String value) {
        assertThatThrownBy(() -> read(Map.of(name, value)))
                .isInstanceOf(Settings.SettingsException.class)
                .hasMessageStartingWith(name + ": ")
                .hasMessageNotContaining("must-not")
                .hasMessageNotContaining("sk-")
                .hasMessageNotContaining("nonsense");
    }

    @Test
    void lineEndBehindTheKeyIsNoPartOfIt() {
        try (var provider = FakeProvider.start()) {
            var models =
                    look(
                            Map.of(
                                    "OLLAMA_HOST",
                                    NOBODY,
                                    "OPENAI_API_KEY",
                                    "sk-x\r\n",
                                    "OPENAI_BASE_URL",
                                    provider.baseUrl()));

            assertThat(models).isNotEmpty();
            assertThat(provider.served().getLast().header("authorization"))
                    .isEqualTo("Bearer sk-x");
        }
    }
}
