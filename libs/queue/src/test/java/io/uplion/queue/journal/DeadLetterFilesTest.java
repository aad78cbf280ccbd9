// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.uplion.catalog.TopicName;
import io.uplion.queue.DeadLetters.DeadLetter;
import io.uplion.queue.SampleTasks;
import io.uplion.task.Task;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private List<Path> files() throws IOException {
        try (var files = Files.list(directory.resolve(TopicName.of(MODEL)))) {
            return files.sorted().toList();
        }
    }

    @Test
    void letterSaysWhatWasAskedAndWhyItFailed() throws IOException {
        var task = SampleTasks.task(MODEL, "{\"model\":\"gpt-4o/mini\",\"größe\":1}");

        new DeadLetterFiles(directory, 5)
                .write(letter(task, "{\"größe\":1}", "the provider answered 500"));

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

        new DeadLetterFiles(directory, 5).write(letter(task, "{}", "why"));

        assertThat(Files.readString(files().getFirst())).doesNotContain(task.nonce());
    }

    @Test
    void oldestLettersGoFirst() throws IOException {
        var letters = new DeadLetterFiles(directory, 3);
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
        var letters = new DeadLetterFiles(directory, 2);

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
        new DeadLetterFiles(directory.resolve("dead"), 2)
                .write(letter(SampleTasks.task("../../escape"), "{}", "why"));

        try (var inside = Files.list(directory)) {
            assertThat(inside.map(file -> file.getFileName().toString())).containsExactly("dead");
        }
    }

    /// A text that was cut in the middle of a character outside the Basic Multilingual Plane.
    @Test
    void halfACharacterInTheReasonDoesNotLoseTheLetter() throws IOException {
        var reason = "the provider said 🦊".substring(0, 19);

        new DeadLetterFiles(directory, 5).write(letter(SampleTasks.task(MODEL), "{}", reason));

        assertThat(files()).hasSize(1);
        var json = new ObjectMapper().readTree(files().getFirst().toFile());
        assertThat(json.path("reason").asText()).startsWith("the provider said");
    }

    @Test
    void letterThatCannotBeWrittenHarmsNobody() throws IOException {
        var file = Files.writeString(directory.resolve("not-a-directory"), "");

        new DeadLetterFiles(file, 5).write(letter(SampleTasks.task(MODEL), "{}", "why"));

        assertThat(file).hasContent("");
    }
}
