// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.AIModel.Access;
import io.uplion.catalog.AIModel.Limits;
import io.uplion.catalog.AIModel.Price;
import io.uplion.catalog.AIModel.Scaling;
import io.uplion.catalog.SecretSource;
import io.uplion.catalog.Serving;
import io.uplion.catalog.manifest.ManifestReader.Manifests;
import io.uplion.openai.Endpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestReaderTest {
    private static final String SIMULATED =
            """
            apiVersion: uplion.io/v1alpha1
            kind: AIModel
            metadata: {name: sim}
            spec:
              type: local
              local: {engine: simulator}
            """;

    private static Manifests file(String name) {
        try {
            var path = Path.of("src/test/resources/manifests/valid", name);
            return ManifestReader.read(name, Files.readString(path));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static AIModel simulatedWith(String line) {
        var read = ManifestReader.read("x.yaml", SIMULATED + "  " + line + "\n");
        assertThat(read.errors()).isEmpty();
        return read.models().getFirst();
    }

    @Test
    void everyFieldIsRead() {
        var read = file("full.yaml");

        assertThat(read.errors()).isEmpty();
        assertThat(read.models())
                .containsExactly(
                        new AIModel(
                                "gpt-4o-mini-a",
                                "openai/gpt-4o-mini",
                                new Serving.Remote(
                                        Serving.Provider.OPENAI,
                                        URI.create("http://127.0.0.1:8000/v1"),
                                        "gpt-4o-mini-2024",
                                        Optional.of(
                                                new SecretSource.SecretRef("openai", "apiKey"))),
                                Set.of(Endpoint.CHAT, Endpoint.EMBEDDINGS),
                                10,
                                Duration.ofMinutes(90),
                                Duration.ofSeconds(90),
                                new Scaling(1, 4, 7, Duration.ofMinutes(10)),
                                new Price(150, 75, 2000, 3000, 10_000, 20_000),
                                new Limits(128000, 16384, 50),
                                new Access(List.of("staff", "guests"))));
    }

    @Test
    void whatIsLeftOutHasADefault() {
        var read = file("smallest.yaml");

        assertThat(read.errors()).isEmpty();
        assertThat(read.models())
                .containsExactly(
                        defaults("sim", Serving.Simulator.DEFAULT),
                        defaults(
                                "remote",
                                new Serving.Remote(
                                        Serving.Provider.OPENAI,
                                        URI.create("https://api.openai.com/v1"),
                                        "remote",
                                        Optional.empty())));
    }

    private static AIModel defaults(String name, Serving serving) {
        return new AIModel(
                name,
                name,
                serving,
                Set.of(Endpoint.values()),
                AIModel.DEFAULT_CONCURRENCY,
                AIModel.DEFAULT_TIMEOUT,
                AIModel.DEFAULT_FIRST_FRAME_TIMEOUT,
                new Scaling(0, 10, 25, Duration.ofMinutes(5)),
                Price.FREE,
                Limits.DEFAULT,
                Access.EVERYONE);
    }

    @Test
    void partCostsWhatTheWholeCostsUnlessSaid() {
        assertThat(simulatedWith("price: {inputPerMillion: '3', outputPerMillion: '7'}").price())
                .isEqualTo(new Price(3000, 3000, 7000, 7000, 3000, 7000));
    }

    @ParameterizedTest
    @CsvSource({"0,0", "0.001,1", "0.15,150", "1.2500,1250", "1000000,1000000000"})
    void pricesAreExactNanosPerToken(String perMillion, long nanos) {
        var bare = simulatedWith("price: {outputPerMillion: " + perMillion + "}");
        var quoted = simulatedWith("price: {outputPerMillion: '" + perMillion + "'}");

        assertThat(bare.price().outputNanos()).isEqualTo(nanos);
        assertThat(quoted.price().outputNanos()).isEqualTo(nanos);
    }

    @Test
    void aShortTimeoutShortensTheFirstFramesDefault() {
        assertThat(simulatedWith("timeout: 30s").firstFrameTimeout())
                .isEqualTo(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @CsvSource({"{env: A_KEY},Env", "{file: keys/openai},File"})
    void apiKeysAreNamedByPlace(String apiKey, String type) {
        var yaml =
                SIMULATED
                        .replace("type: local", "type: remote")
                        .replace(
                                "local: {engine: simulator}",
                                "remote: {provider: openai, apiKey: %s}")
                        .formatted(apiKey);

        var read = ManifestReader.read("x.yaml", yaml);

        assertThat(read.models()).hasSize(1);
        var remote = (Serving.Remote) read.models().getFirst().serving();
        assertThat(remote.apiKey().orElseThrow().getClass().getSimpleName()).isEqualTo(type);
    }

    @Test
    void theOthersGoOnWhereOneDocumentIsWrong() {
        var yaml =
                "kind: [\n---\n" + SIMULATED + "---\n}{\n---\n" + SIMULATED.replace("sim}", "b}");

        var read = ManifestReader.read("x.yaml", yaml);

        assertThat(read.models()).extracting(AIModel::name).containsExactly("sim", "b");
        assertThat(read.errors()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"'\n'", "'\r\n'", "'\r'"})
    void everyLineEndCountsAsOneLine(String end) {
        var yaml = ("# first\n---\n" + SIMULATED + "  oops: 1\n").replace("\n", end);

        assertThat(ManifestReader.read("x.yaml", yaml).errors())
                .extracting(ManifestError::line)
                .containsExactly(9);
    }

    @Test
    void anEmptyFileSaysNothing() {
        for (var yaml :
                List.of("", "\n", "---\n", "# nothing\n---\n---\n...\n", "\uFEFF", "null")) {
            assertThat(ManifestReader.read("x.yaml", yaml))
                    .isEqualTo(new Manifests(List.of(), Map.of(), List.of()));
        }
    }

    @Test
    void directivesBelongToTheDocumentAfterThem() {
        var yaml = "\uFEFF%YAML 1.2\n---\n" + SIMULATED + "...\n%YAML 1.2\n---\n{}";

        var read = ManifestReader.read("x.yaml", yaml);

        assertThat(read.models()).hasSize(1);
        assertThat(read.errors()).allMatch(error -> error.message().startsWith("missing"));
    }

    @Test
    void bombsAreErrors() {
        var deep = "a: " + "[".repeat(1_000_000);
        var laughs = new StringBuilder("a0: &a0 [x]\n");
        for (var i = 1; i < 20; i++) {
            laughs.append("a%d: &a%d [%s]\n".formatted(i, i, "*a%d,".formatted(i - 1).repeat(9)));
        }
        assertThat(messages(deep)).containsExactly(yaml("nested deeper than 50 levels"));
        assertThat(messages(laughs.toString())).containsExactly(yaml("more than 50 aliases"));
        assertThat(messages("x".repeat(ManifestReader.MAX_CODE_POINTS + 1)))
                .containsExactly("larger than 1048576 characters; split the file");
    }

    @Test
    void aNodeThatHoldsItselfIsAnError() {
        assertThat(messages(SIMULATED + "  limits: &l {queued: *l}\n"))
                .containsExactly("found a mapping; expected a whole number from 1 to 1000000");
    }

    @Test
    void aPathTheSystemCannotHaveIsAnError() {
        var remote = "remote: {provider: openai, apiKey: {file: \"a\\uD800b\"}}";
        var yaml = SIMULATED.replace("local: {engine: simulator}", remote);

        assertThat(messages(yaml.replace("type: local", "type: remote"))).hasSize(1);
    }

    @Test
    void aControlCharacterIsNamedWithItsLine() {
        assertThat(ManifestReader.read("x.yaml", SIMULATED + "  model: a\u0000b\n").errors())
                .extracting(ManifestError::toString)
                .containsExactly("x.yaml:7: cannot be read as YAML: it holds the character U+0000");
    }

    private static String yaml(String problem) {
        return "cannot be read as YAML: " + problem;
    }

    private static List<String> messages(String yaml) {
        return ManifestReader.read("x.yaml", yaml).errors().stream()
                .map(ManifestError::message)
                .toList();
    }
}
