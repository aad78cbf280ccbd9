// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.queue.DeadLetters;
import io.uplion.queue.DeadLetters.DeadLetter;
import io.uplion.queue.KeptLetters;
import io.uplion.queue.KeptLetters.KeptLetter;
import io.uplion.queue.KeptLettersContract;
import io.uplion.queue.SampleTasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptLetterFilesTest extends KeptLettersContract {
    @TempDir Path directory;

    @Override
    protected DeadLetters writer(String... models) {
        return new DeadLetterFiles(letters(), new DeadLetterFiles.Bounds(500, 1000));
    }

    @Override
    protected KeptLetters reader() {
        return new KeptLetterFiles(letters());
    }

    private Path letters() {
        return directory.resolve("dead-letters");
    }

    @Test
    void bodyThatWasTooLargeIsNotThereAndHowLargeItWasIs() {
        writer().write(letter(new byte[2000])).toCompletableFuture().join();

        assertThat(read())
                .singleElement()
                .satisfies(
                        letter -> {
                            assertThat(letter.body()).isEmpty();
                            assertThat(letter.bodyBytes()).isEqualTo(2000);
                        });
    }

    @Test
    void whatIsNoLetterIsPassedOver() throws IOException {
        writer().write(letter(new byte[2])).toCompletableFuture().join();
        Path model;
        try (var models = Files.list(letters())) {
            model = models.findFirst().orElseThrow();
        }
        Files.writeString(model.resolve("0-cut.json"), "{\"task\":");
        Files.writeString(model.resolve("1-other.json"), "{}");
        Files.writeString(model.resolve("2.part"), "{}");
        Files.writeString(letters().resolve("notes"), "mine");

        assertThat(read()).hasSize(1);
    }

    private ArrayList<KeptLetter> read() {
        var found = new ArrayList<KeptLetter>();
        reader().read(found::add);
        return found;
    }

    private static DeadLetter letter(byte[] body) {
        return new DeadLetter(
                SampleTasks.task("m"), Map.of(), body, "pool-a", "why", Instant.EPOCH);
    }
}
