// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.pulsar;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.queue.DeadLetters.DeadLetter;
import io.uplion.queue.SampleTasks;
import io.uplion.task.Task;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LetterMessageTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.000000006Z");

    private static DeadLetter letter(Task task, String body) {
        return new DeadLetter(
                task,
                Map.of("user-agent", "a test", "x-title", "größe"),
                body.getBytes(StandardCharsets.UTF_8),
                "pool-a",
                "the provider answered 500",
                NOW);
    }

    @Test
    void letterComesBackAsItWasButForTheNonce() throws MalformedMessageException {
        var letter = letter(SampleTasks.task("model", "{\"a\":1}"), "{\"a\":1}");

        var read = LetterMessage.read(LetterMessage.write(letter));

        assertThat(read).usingRecursiveComparison().ignoringFields("task.nonce").isEqualTo(letter);
        assertThat(read.task().nonce()).isEmpty();
    }

    @Test
    void letterHoldsNoSecret() {
        var letter = letter(SampleTasks.task("model"), "{}");

        assertThat(new String(LetterMessage.write(letter), StandardCharsets.UTF_8))
                .contains("pool-a")
                .doesNotContain(letter.task().nonce());
    }

    @Test
    void bodyThatTheGatewayKeptComesWithTheLetter() throws MalformedMessageException {
        var sample = SampleTasks.task("model");
        var task =
                new Task(
                        sample.id(),
                        sample.model(),
                        sample.endpoint(),
                        sample.stream(),
                        sample.startBy(),
                        sample.gateway(),
                        sample.nonce(),
                        new Task.Kept(5));

        var read = LetterMessage.read(LetterMessage.write(letter(task, "large")));

        assertThat(read.body()).asString(StandardCharsets.UTF_8).isEqualTo("large");
        assertThat(read.task().body()).isEqualTo(new Task.Kept(5));
    }
}
