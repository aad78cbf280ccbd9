// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.http.RawResponse;
import io.uplion.testing.platform.Platform;
import io.uplion.testing.wait.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Keys, ours and the providers': where they go, and where they are never found.
class SecretsE2E {
    private static final String SECRET = "sk-very-secret-4711";
    private static final Duration SOON = Duration.ofSeconds(20);

    @Test
    void keyIsSentUpstreamAndNeverWrittenAnywhere() throws IOException {
        try (var log = new LogCapture();
                var platform = Platform.start(Map.of("SECRET_OF_PROVIDER", SECRET))) {
            var api = new Api(platform);
            List<String> answers =
                    List.of(
                            ask(api, "answering", "key=" + SECRET + ";tokens=2", 200).body(),
                            ask(api, "failing", "status=500", 502).body(),
                            ask(api, "garbled", "cut", 502).body(),
                            ask(api, "refusing", "key=another", 503).body(),
                            api.management("/metrics").body());
            assertThat(platform.provider().served("failing").getFirst().header("authorization"))
                    .isEqualTo("Bearer " + SECRET);
            Await.until("two dead letters", SOON, () -> api.deadLetters().size() == 2);

            assertThat(answers).noneMatch(one -> isSecret(one, platform));
            // Each place is looked at where something was written.
            assertThat(log.lines()).anyMatch(line -> line.contains("failing"));
            assertThat(log.lines()).noneMatch(line -> isSecret(line, platform));
            assertThat(filesWith("SECRET_OF_PROVIDER", platform.data())).hasSize(4);
            assertThat(filesWith(SECRET, platform.data())).isEmpty();
            assertThat(filesWith(platform.apiKey(), platform.data()))
                    .containsExactly(platform.data().resolve("first-run.json"));
        }
    }

    private static RawResponse ask(Api api, String model, String script, int status) {
        var platform = api.platform();
        platform.provider().script(model, script);
        platform.write(
                model + ".yaml",
                Platform.manifest(model, platform.provider().baseUrl(), "")
                        .replace(
                                "provider: openai,",
                                "provider: openai, apiKey: {env: SECRET_OF_PROVIDER},"));
        api.awaitModel(model);
        var answer = api.chat(model, "");
        assertThat(answer.status()).as(model + answer.body()).isEqualTo(status);
        return answer;
    }

    private static boolean isSecret(String text, Platform platform) {
        return text.contains(SECRET) || text.contains(platform.apiKey());
    }

    /// The database's files too.
    private static List<Path> filesWith(String text, Path directory) throws IOException {
        try (Stream<Path> all = Files.find(directory, 20, (_, file) -> file.isRegularFile())) {
            return all.filter(file -> bytes(file).contains(text)).toList();
        }
    }

    private static String bytes(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            // The database removes files while we look.
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
