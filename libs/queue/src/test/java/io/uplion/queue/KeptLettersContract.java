// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.queue.DeadLetters.DeadLetter;
import io.uplion.queue.KeptLetters.KeptLetter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What is written can be read, in whatever form the platform is.
public abstract class KeptLettersContract {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final String model = "model-" + UUID.randomUUID();

    /// @param models that letters will be written of
    protected abstract DeadLetters writer(String... models);

    protected abstract KeptLetters reader();

    private List<KeptLetter> read(String model) {
        List<KeptLetter> found = new ArrayList<>();
        reader().read(
                        letter -> {
                            if (letter.model().equals(model)) {
                                found.add(letter);
                            }
                        });
        return found;
    }

    private static DeadLetter letter(String model, String reason) {
        String body = "{\"größe\":\"" + reason + "\"}";
        return new DeadLetter(
                SampleTasks.task(model, body),
                Map.of("user-agent", "a test"),
                body.getBytes(StandardCharsets.UTF_8),
                "pool-a",
                reason,
                NOW);
    }

    @Test
    void lettersOfAllModelsAreReadAsTheyWereWrittenAgainAndAgain() {
        String another = "another-" + model;
        DeadLetters writer = writer(model, another);
        DeadLetter one = letter(model, "one");
        DeadLetter two = letter(model, "two");
        DeadLetter three = letter(another, "three");
        for (DeadLetter letter : List.of(one, two, three)) {
            writer.write(letter).toCompletableFuture().join();
        }

        for (int round = 0; round < 2; round++) {
            assertThat(read(model))
                    .usingRecursiveComparison()
                    .isEqualTo(List.of(KeptLetter.of(one), KeptLetter.of(two)));
            assertThat(read(another))
                    .usingRecursiveComparison()
                    .isEqualTo(List.of(KeptLetter.of(three)));
        }
    }

    @Test
    void whereNothingWasGivenUpThereIsNoLetter() {
        writer(model);

        assertThat(read(model)).isEmpty();
    }
}
