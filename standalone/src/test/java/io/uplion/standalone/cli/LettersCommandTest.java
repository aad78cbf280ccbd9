// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.openai.Endpoint;
import io.uplion.queue.DeadLetters.DeadLetter;
import io.uplion.queue.journal.DeadLetterFiles;
import io.uplion.task.Task;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class LettersCommandTest {
    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

    @TempDir Path data;

    private String run(String... more) {
        var out = new StringWriter();
        var all = Stream.concat(Stream.of("--data", data.toString()), Arrays.stream(more));
        var status =
                new CommandLine(new LettersCommand())
                        .setOut(new PrintWriter(out))
                        .execute(all.toArray(String[]::new));
        assertThat(status).isZero();
        return out.toString();
    }

    /// @return the request's id
    private String write(String model, String reason, String body, Instant at) {
        var task =
                new Task(
                        UUID.randomUUID(),
                        model,
                        Endpoint.CHAT,
                        true,
                        NOON,
                        new Task.Gateway("local", UUID.randomUUID()),
                        "secret-nonce",
                        new Task.Inline(new byte[0]));
        var letter =
                new DeadLetter(
                        task,
                        Map.of("user-agent", "a\u001b[2Jtest"),
                        body.getBytes(StandardCharsets.UTF_8),
                        "pool-a",
                        reason,
                        at);
        new DeadLetterFiles(data.resolve("dead-letters"), DeadLetterFiles.Bounds.DEFAULT)
                .write(letter)
                .toCompletableFuture()
                .join();
        return task.requestId();
    }

    @Test
    void newestOfAllModelsAreListedFirstAndNoMoreThanAskedFor() {
        var old = write("a", "one", "{}", NOON);
        var newest = write("a", "three", "{\"größe\":1}", NOON.plusSeconds(2));
        var other = write("b", "two", "{}", NOON.plusSeconds(1));

        assertThat(run().lines())
                .containsExactly(
                        "2026-01-02T12:00:02Z  " + newest + "  a  pool pool-a  13 bytes  three",
                        "2026-01-02T12:00:01Z  " + other + "  b  pool pool-a  2 bytes  two",
                        "2026-01-02T12:00:00Z  " + old + "  a  pool pool-a  2 bytes  one");
        assertThat(run("--count", "2").lines()).hasSize(2).noneMatch(it -> it.contains(old));
    }

    @Test
    void oneIsShownWithItsHeadersAndItsBodyAndNoSecret() {
        write("a", "one", "{}", NOON);
        var wanted = write("a", "the provider answered 500", "{\"größe\":1}", NOON);

        assertThat(run(wanted))
                .contains(wanted, "reason   the provider answered 500", "user-agent: a")
                .endsWith("\n\n{\"größe\":1}\n")
                .doesNotContain("secret-nonce");
    }

    /// Clients and providers wrote it.
    @Test
    void nothingInALetterIsACommandToTheTerminal() {
        var id = write("a", "\u001b]0;x\u0007 and\nanother line", "\u009b2J\u202e", NOON);

        assertThat(run(id)).doesNotContain("\u001b", "\u0007", "\u009b", "\u202e");
        assertThat(run().lines()).hasSize(1);
        assertThat(run()).contains("\\u001b]0;x\\u0007 and\\u000aanother line");
    }

    @Test
    void outputIsBoundedHoweverLargeALetterIs() {
        var id = write("a", "r".repeat(100_000), "x".repeat(1 << 20), NOON);

        assertThat(run()).hasSizeLessThan(500).contains("1048576 bytes");
        assertThat(run(id)).hasSizeLessThan(200_000).contains("… (983040 more)");
    }

    @Test
    void whatCannotBeShownIsSaidInWords() throws IOException {
        assertThatThrownBy(() -> LetterAccess.with(data.resolve("x"), _ -> 1))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("there is no platform in");

        Files.createDirectory(data.resolve("pulsar"));
        assertThatThrownBy(() -> LetterAccess.with(data, _ -> 1))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("up --distributed");

        Files.createDirectory(data.resolve("run"));
        var endpoints = data.resolve("run/endpoints.json");
        Files.writeString(endpoints, "{}");
        assertThatThrownBy(() -> LetterAccess.with(data, _ -> 1))
                .hasMessageContaining("has not started yet");

        // Left behind by one that was killed.
        Files.writeString(
                endpoints,
                "{\"pulsar\":\"pulsar://127.0.0.1:1\",\"pulsar-admin\":\"http://127.0.0.1:1\"}");
        assertThatThrownBy(
                        () ->
                                LetterAccess.with(
                                        data,
                                        letters -> {
                                            letters.read(_ -> {});
                                            return 1;
                                        }))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("the broker cannot be asked");
    }
}
