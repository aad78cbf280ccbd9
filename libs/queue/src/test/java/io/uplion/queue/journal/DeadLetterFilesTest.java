// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.ThreadMXBean;
import io.uplion.catalog.TopicName;
import io.uplion.queue.DeadLetters;
import io.uplion.queue.DeadLetters.DeadLetter;
import io.uplion.queue.SampleTasks;
import io.uplion.task.Task;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadLetterFilesTest {
    private static final String MODEL = "gpt-4o/mini";
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir Path directory;

    private static DeadLetter letter(Task task, String body, String reason) {
        return new DeadLetter(
                task,
                Map.of("user-agent", "a test"),
                body.getBytes(StandardCharsets.UTF_8),
                "pool-a",
                reason,
                NOW);
    }

    private static DeadLetters letters(Path directory, int most) {
        return letters(directory, new DeadLetterFiles.Bounds(most, 1 << 20));
    }

    /// As the files, but each letter is written, or has failed, when it returns.
    private static DeadLetters letters(Path directory, DeadLetterFiles.Bounds bounds) {
        var files = new DeadLetterFiles(directory, bounds);
        return letter -> {
            var written = files.write(letter).toCompletableFuture();
            written.exceptionally(_ -> null).join();
            return written;
        };
    }

    private List<Path> files() throws IOException {
        try (var files = Files.list(directory.resolve(TopicName.of(MODEL)))) {
            return files.sorted().toList();
        }
    }

    @Test
    void letterSaysWhatWasAskedAndWhyItFailed() throws IOException {
        var task = SampleTasks.task(MODEL, "{\"model\":\"gpt-4o/mini\",\"größe\":1}");

        letters(directory, 5).write(letter(task, "{\"größe\":1}", "the provider answered 500"));

        assertThat(files()).hasSize(1);
        var json = new ObjectMapper().readTree(files().getFirst().toFile());
        assertThat(files().getFirst().getFileName()).hasToString(task.id() + ".json");
        assertThat(json.path("task").asText()).isEqualTo(task.id().toString());
        assertThat(json.path("model").asText()).isEqualTo(MODEL);
        assertThat(json.path("endpoint").asText()).isEqualTo("chat");
        assertThat(json.path("stream").asBoolean()).isTrue();
        assertThat(json.path("acceptedAt").asText()).isEqualTo(task.acceptedAt().toString());
        assertThat(json.path("writtenAt").asText()).isEqualTo(NOW.toString());
        assertThat(json.path("pool").asText()).isEqualTo("pool-a");
        assertThat(json.path("reason").asText()).isEqualTo("the provider answered 500");
        assertThat(json.path("body").asText()).isEqualTo("{\"größe\":1}");
    }

    @Test
    void letterHoldsNoSecret() throws IOException {
        var task = SampleTasks.task(MODEL);

        letters(directory, 5).write(letter(task, "{}", "why"));

        assertThat(Files.readString(files().getFirst())).doesNotContain(task.nonce());
    }

    @Test
    void oldestLettersGoFirst() throws IOException {
        var letters = letters(directory, 3);
        var names = new ArrayList<String>();

        for (int i = 0; i < 7; i++) {
            var task = SampleTasks.task(MODEL);
            names.add(task.id() + ".json");
            letters.write(letter(task, "{}", "why"));
        }

        assertThat(files().stream().map(file -> file.getFileName().toString()))
                .containsExactlyElementsOf(names.subList(4, 7));
    }

    @Test
    void boundHoldsForEachModel() throws IOException {
        var letters = letters(directory, 2);

        for (int i = 0; i < 3; i++) {
            letters.write(letter(SampleTasks.task(MODEL), "{}", "why"));
            letters.write(letter(SampleTasks.task("another"), "{}", "why"));
        }

        assertThat(files()).hasSize(2);
        try (var others = Files.list(directory.resolve(TopicName.of("another")))) {
            assertThat(others).hasSize(2);
        }
    }

    @Test
    void modelsNameCannotLeaveTheDirectory() throws IOException {
        letters(directory.resolve("dead"), 2)
                .write(letter(SampleTasks.task("../../escape"), "{}", "why"));

        try (var inside = Files.list(directory)) {
            assertThat(inside.map(file -> file.getFileName().toString())).containsExactly("dead");
        }
    }

    /// A text that was cut in the middle of a character outside the Basic Multilingual Plane.
    @Test
    void halfACharacterInTheReasonDoesNotLoseTheLetter() throws IOException {
        var reason = "the provider said 🦊".substring(0, 19);

        letters(directory, 5).write(letter(SampleTasks.task(MODEL), "{}", reason));

        assertThat(files()).hasSize(1);
        var json = new ObjectMapper().readTree(files().getFirst().toFile());
        assertThat(json.path("reason").asText()).startsWith("the provider said");
    }

    @Test
    void letterThatCannotBeWrittenHarmsNobody() throws IOException {
        var file = Files.writeString(directory.resolve("not-a-directory"), "");

        letters(file, 5).write(letter(SampleTasks.task(MODEL), "{}", "why"));

        assertThat(file).hasContent("");
    }

    @Test
    void lettersOfAModelAreBoundedInBytesTogether() throws IOException {
        var letters = letters(directory, new DeadLetterFiles.Bounds(100, 10_000));
        var body = "x".repeat(4_000);
        for (int i = 0; i < 5; i++) {
            letters.write(letter(SampleTasks.task(MODEL), body, "why " + i));
        }

        assertThat(files()).hasSize(2);
        assertThat(Files.readString(files().getLast())).contains("why 4", body);
    }

    @Test
    void letterThatIsLargerThanAllMayBeIsKeptWithoutItsBody() throws IOException {
        letters(directory, new DeadLetterFiles.Bounds(100, 10_000))
                .write(letter(SampleTasks.task(MODEL), "\"".repeat(9_000), "why"));

        assertThat(files()).hasSize(1);
        var json = new ObjectMapper().readTree(files().getFirst().toFile());
        assertThat(json.path("body").isNull()).isTrue();
        assertThat(json.path("bodyBytes").asInt()).isEqualTo(9_000);
        assertThat(json.path("reason").asText()).isEqualTo("why");
    }

    @Test
    void nobodyElseMayReadThem() throws IOException {
        letters(directory.resolve("dead"), 5).write(letter(SampleTasks.task(MODEL), "{}", "why"));

        var model = directory.resolve("dead").resolve(TopicName.of(MODEL));
        var file = model.resolve(model.toFile().list()[0]);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(model)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void largeLetterIsWrittenWithoutACopyOfIt() throws IOException {
        var body = "wörd ".repeat(4 << 20);
        var letter = letter(SampleTasks.task(MODEL), body, "why");
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getTotalThreadAllocatedBytes();
        letters(directory, DeadLetterFiles.Bounds.DEFAULT).write(letter);

        assertThat(threads.getTotalThreadAllocatedBytes() - before).isLessThan(8 << 20);
        assertThat(files().getFirst()).content().contains("\"body\":\"" + body + "\"");
    }
}
