// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.queue.DeadLetters.DeadLetter;
import io.uplion.task.Task;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What whoever gives a task up and whoever reads about it rely on, wherever letters are kept. Each
/// adapter's tests extend this.
public abstract class DeadLettersContract {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final Map<String, String> HEADERS =
            Map.of("user-agent", "a \"test\"", "x-größe", "1");

    /// More than a message of a broker may have.
    private static final int LARGE = 6 << 20;

    protected final String model = "model-" + UUID.randomUUID();
    protected final String another = "model-" + UUID.randomUUID();
    private DeadLetters letters;

    /// A letter as a person finds it.
    public record Found(
            String requestId,
            String model,
            Map<String, String> headers,
            String body,
            String pool,
            String reason,
            Instant writtenAt) {}

    /// The same store each time it is called. The two models exist.
    protected abstract DeadLetters open() throws Exception;

    protected abstract void close(DeadLetters opened) throws Exception;

    /// The letters of a model, oldest first.
    protected abstract List<Found> read(String model) throws Exception;

    /// Everything the store has of a model, as it stands there.
    protected abstract String stored(String model) throws Exception;

    @BeforeEach
    void openLetters() throws Exception {
        letters = open();
    }

    @AfterEach
    void closeLetters() throws Exception {
        if (letters != null) {
            close(letters);
        }
    }

    private Found write(String model, String body, String reason) {
        return write(SampleTasks.task(model, body), body, reason);
    }

    private Found write(Task task, String body, String reason) {
        var letter =
                new DeadLetter(
                        task,
                        HEADERS,
                        body.getBytes(StandardCharsets.UTF_8),
                        "pool-a",
                        reason,
                        NOW);
        letters.write(letter).toCompletableFuture().join();
        return new Found(task.requestId(), task.model(), HEADERS, body, "pool-a", reason, NOW);
    }

    @Test
    void letterSaysWhatWasAskedAndWhyItFailed() throws Exception {
        var written = write(model, "{\"größe\":\"🦊\\n\"}", "the provider \"said\" 500");

        assertThat(read(model)).containsExactly(written);
    }

    @Test
    void letterIsThereAsSoonAsItsReceipt() throws Exception {
        for (int i = 1; i <= 3; i++) {
            write(model, "{}", "reason " + i);
            assertThat(read(model)).hasSize(i);
        }
        assertThat(read(model))
                .extracting(Found::reason)
                .containsExactly("reason 1", "reason 2", "reason 3");
    }

    @Test
    void readingTakesNothingAway() throws Exception {
        var written = write(model, "{}", "why");

        assertThat(read(model)).containsExactly(written);
        assertThat(read(model)).containsExactly(written);
    }

    @Test
    void lettersAreThereAfterTheStoreWasClosedAndOpenedAgain() throws Exception {
        var before = write(model, "{}", "before");
        close(letters);
        letters = open();
        var after = write(model, "{}", "after");

        assertThat(read(model)).containsExactly(before, after);
    }

    @Test
    void modelsDoNotMeet() throws Exception {
        var one = write(model, "{}", "one");
        var other = write(another, "{}", "other");

        assertThat(read(model)).containsExactly(one);
        assertThat(read(another)).containsExactly(other);
    }

    @Test
    void largeBodyIsKeptWhole() throws Exception {
        var body = "größe ".repeat(LARGE / 8);
        var written = write(SampleTasks.task(model, "{}"), body, "why");

        assertThat(read(model)).containsExactly(written);
    }

    /// Whoever reads letters shall not be able to speak for a worker.
    @Test
    void theTasksNonceIsNowhere() throws Exception {
        var task = SampleTasks.task(model, "{}");
        write(task, "{}", "why");

        assertThat(stored(model)).contains(task.id().toString()).doesNotContain(task.nonce());
    }
}
