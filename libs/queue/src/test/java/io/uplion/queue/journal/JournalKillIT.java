// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.queue.SampleUsage;
import io.uplion.task.UsageRecord;
import io.uplion.testing.wait.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What was acknowledged survives `kill -9`.
class JournalKillIT {
    private static final long ENOUGH_BYTES = 2000;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir Path directory;
    @TempDir Path output;

    @Test
    void killedProcessLosesNoAcknowledgedRecord() throws Exception {
        var acknowledged = 0L;
        for (int life = 0; life < 2; life++) {
            acknowledged += publishAndKill();
        }

        // The next start cuts the torn tail and goes on.
        try (var journal = UsageJournal.open(directory)) {
            journal.publish(SampleUsage.record(Long.MAX_VALUE)).toCompletableFuture().join();
        }
        var records = new ArrayList<UsageRecord>();
        UsageJournal.read(directory, records::add);
        assertThat(records.getLast()).isEqualTo(SampleUsage.record(Long.MAX_VALUE));
        assertThat((long) records.size()).isGreaterThan(acknowledged);
    }

    /// @return how many records were acknowledged, all of which are in the journal
    private long publishAndKill() throws IOException, InterruptedException {
        var before = new ArrayList<UsageRecord>();
        UsageJournal.read(directory, before::add);
        var printed = Files.createTempFile(output, "printed", ".txt");
        var process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                PublishForever.class.getName(),
                                directory.toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .redirectOutput(printed.toFile())
                        .start();
        try {
            Await.until("enough was printed", LIMIT, () -> size(printed) > ENOUGH_BYTES);
        } finally {
            process.destroyForcibly().waitFor();
        }
        long last = lastNumber(printed);
        var after = new ArrayList<UsageRecord>();
        UsageJournal.read(directory, after::add);
        List<UsageRecord> added = after.subList(before.size(), after.size());
        assertThat(added)
                .startsWith(
                        LongStream.rangeClosed(0, last)
                                .mapToObj(SampleUsage::record)
                                .toArray(UsageRecord[]::new));
        return last + 1;
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The last line may be cut; what is left of it is a smaller number, or none.
    private static long lastNumber(Path printed) throws IOException {
        return Files.readAllLines(printed).stream()
                .filter(line -> !line.isEmpty())
                .mapToLong(Long::parseLong)
                .max()
                .orElseThrow();
    }
}
