// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.uplion.testing.platform.Platform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The examples of the README and of the tutorial, run as they stand there, in a directory that
/// looks like the reader's.
class ReadmeE2E {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static Platform platform;

    @TempDir private Path here;

    @BeforeAll
    static void start() {
        platform = Platform.start();
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    private Runner runner() throws Exception {
        Files.createSymbolicLink(here.resolve("data"), platform.data());
        return new Runner(
                here, Map.of("UPLION_URL", platform.url(), "UPLION_API_KEY", platform.apiKey()));
    }

    /// As in one terminal: what one block exports the next one sees. No block may fail.
    private static String terminal(List<Page.Example> examples) {
        return examples.stream()
                .map(Page.Example::code)
                .collect(Collectors.joining("\n", "set -eu\n", ""));
    }

    @Test
    void curlStreamsAsTheReadmeShows() throws Exception {
        assumeTrue(runner().has("curl"), "needs curl: it is not installed");
        var examples = Page.examples("README.md", "sh");
        var printed =
                new Runner(here, Map.of()).run(LIMIT, List.of("bash", "-c", terminal(examples)));
        assertThat(examples).hasSizeGreaterThanOrEqualTo(2);
        printed.shows(examples.getLast().prints());
    }

    @Test
    void pythonAnswersAsTheReadmeShows() throws Exception {
        var python = Library.python();
        assumeTrue(python.isPresent(), "needs Python 3 with OpenAI's library: it could not be had");
        var example = Page.examples("README.md", "python").getFirst();
        var program = Files.writeString(here.resolve("ask.py"), example.code());
        runner().run(LIMIT, List.of(python.get().toString(), program.toString()))
                .shows(example.prints());
    }

    @Test
    void nodeAnswersAsTheReadmeShows() throws Exception {
        var home = Library.node();
        assumeTrue(home.isPresent(), "needs Node with OpenAI's library: it could not be had");
        var example = Page.examples("README.md", "js").getFirst();
        var program = Files.writeString(home.get().resolve("ask.mjs"), example.code());
        runner().run(LIMIT, List.of("node", program.toString())).shows(example.prints());
    }

    @Test
    void theTutorialLeadsToAModelThatAnswers() throws Exception {
        assumeTrue(runner().has("curl"), "needs curl: it is not installed");
        var examples = Page.examples("docs/tutorial/first-model.md", "sh");
        new Runner(here, Map.of())
                .run(LIMIT, List.of("bash", "-c", terminal(examples)))
                .shows("\"id\":\"simulator\"…data: [DONE]…\"model\":\"my-model\"");
    }

    @Test
    void theReadmesManifestIsOne() throws Exception {
        for (var example : Page.examples("README.md", "yaml")) {
            platform.write("readme.yaml", example.code());
            var listed =
                    "curl -s $UPLION_URL/v1/models -H \"Authorization: Bearer $UPLION_API_KEY\"";
            var script =
                    "for i in $(seq 50); do " + listed + " | grep llama && break; sleep 0.1; done";
            runner().run(LIMIT, List.of("bash", "-c", script)).shows("\"id\":\"llama\"");
        }
    }
}
