// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.billing.Usages;
import io.uplion.billing.intake.UsageSource.Bounds;
import io.uplion.queue.journal.UsageJournal;
import io.uplion.task.UsageRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalSourceTest extends UsageSourceContract {
    @TempDir private Path directory;
    private UsageJournal journal;

    @BeforeEach
    void openJournal() throws IOException {
        journal = UsageJournal.open(directory);
    }

    @AfterEach
    void closeJournal() {
        journal.close();
    }

    @Override
    protected UsageSource open(Bounds bounds) throws IOException {
        return JournalSource.open(directory, bounds, Duration.ofDays(1), Clock.systemUTC());
    }

    @Override
    protected void publish(UsageRecord usage) {
        journal.publish(usage).toCompletableFuture().join();
    }

    @Override
    protected void publishJunk(String text) throws IOException {
        Files.writeString(
                directory.resolve("usage-000001.log"), text + "\n", StandardOpenOption.APPEND);
    }

    /// An empty journal is looked at without end; closing wakes whoever looks.
    @Test
    void closingEndsTheWait() throws Exception {
        var patient = open(new Bounds(1, Duration.ofHours(1)));
        var taking =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        patient.take();
                                    } catch (InterruptedException e) {
                                        throw new AssertionError(e);
                                    }
                                });

        patient.close();

        assertThat(taking.join(Duration.ofSeconds(30))).isTrue();
    }

    @Test
    void fullBatchDoesNotWaitForItsTime() throws Exception {
        publish(Usages.any().costs(1));
        try (var patient = open(new Bounds(1, Duration.ofHours(1)))) {
            assertThat(patient.take().records()).hasSize(1);
        }
    }
}
