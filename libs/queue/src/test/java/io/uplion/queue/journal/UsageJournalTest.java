// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.uplion.queue.SampleUsage;
import io.uplion.task.UsageRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageJournalTest {
    @TempDir Path directory;

    private List<UsageRecord> read() throws IOException {
        var records = new ArrayList<UsageRecord>();
        UsageJournal.read(directory, records::add);
        return records;
    }

    private static boolean kept(CompletionStage<Void> receipt) {
        var future = receipt.toCompletableFuture();
        return future.isDone() && !future.isCompletedExceptionally();
    }

    private static List<UsageRecord> records(long from, long to) {
        return LongStream.range(from, to).mapToObj(SampleUsage::record).toList();
    }

    private void publish(long from, long to) throws IOException {
        try (var journal = UsageJournal.open(directory)) {
            records(from, to).forEach(record -> assertThat(kept(journal.publish(record))).isTrue());
        }
    }

    @Test
    void everyFieldSurvives() throws IOException {
        var withKey = SampleUsage.record(1);
        var withoutKey = SampleUsage.record(new UUID(7, 8), Optional.empty());

        try (var journal = UsageJournal.open(directory)) {
            assertThat(kept(journal.publish(withKey))).isTrue();
            assertThat(kept(journal.publish(withoutKey))).isTrue();
        }

        assertThat(read()).containsExactly(withKey, withoutKey);
    }

    @Test
    void recordIsThereAsSoonAsItsReceipt() throws IOException {
        try (var journal = UsageJournal.open(directory)) {
            records(1, 2).forEach(journal::publish);

            assertThat(read()).containsExactly(SampleUsage.record(1));
        }
    }

    @Test
    void journalGoesOnWhereItStopped() throws IOException {
        publish(0, 3);
        publish(3, 5);

        assertThat(read()).isEqualTo(records(0, 5));
        assertThat(Segments.numbers(directory)).containsExactly(1);
    }

    @Test
    void tornTailIsCutOff() throws IOException {
        publish(0, 2);
        var file = Segments.path(directory, 1);
        var whole = Files.readAllBytes(file);
        Files.write(file, new byte[] {'0', '1', 'a'}, StandardOpenOption.APPEND);

        assertThat(read()).isEqualTo(records(0, 2));
        publish(2, 4);

        assertThat(read()).isEqualTo(records(0, 4));
        assertThat(Files.readAllBytes(file)).startsWith(whole);
    }

    @Test
    void fileThatIsNothingButATornLineIsEmptied() throws IOException {
        Files.writeString(Segments.path(directory, 1), "0123abcd {\"task\"");

        publish(0, 1);

        assertThat(read()).isEqualTo(records(0, 1));
    }

    @Test
    void spoiledLineIsPassedOver() throws IOException {
        publish(0, 3);
        var file = Segments.path(directory, 1);
        var lines = new ArrayList<>(Files.readAllLines(file));
        lines.set(1, lines.get(1).replace("\"status\":429", "\"status\":200"));
        lines.add("");
        lines.add("no checksum");
        Files.write(file, lines);

        assertThat(read()).containsExactly(SampleUsage.record(0), SampleUsage.record(2));
    }

    /// Whole, and not understood.
    @Test
    void lineWithAnUnknownWordIsPassedOver() throws IOException {
        publish(0, 1);
        var line = Files.readString(Segments.path(directory, 1)).strip();
        var json = line.substring(9).replace("CANCELLED", "FORGOTTEN");
        var crc = new CRC32();
        crc.update(json.getBytes(StandardCharsets.UTF_8));
        Files.writeString(
                Segments.path(directory, 1),
                "%08x %s%n".formatted(crc.getValue(), json),
                StandardOpenOption.APPEND);
        publish(1, 2);

        assertThat(read()).isEqualTo(records(0, 2));
    }

    @Test
    void fullSegmentsAreFollowedByNewOnes() throws IOException {
        int line = UsageLine.write(SampleUsage.record(0)).length;
        try (var journal = UsageJournal.open(directory, 3L * line)) {
            records(0, 10).forEach(journal::publish);
        }

        assertThat(Segments.numbers(directory)).containsExactly(1, 2, 3, 4);
        for (int number : Segments.numbers(directory)) {
            assertThat(Files.size(Segments.path(directory, number))).isLessThanOrEqualTo(3L * line);
        }
        assertThat(read()).isEqualTo(records(0, 10));
    }

    @Test
    void otherFilesAreLeftAlone() throws IOException {
        Files.writeString(directory.resolve("notes.txt"), "mine");

        publish(0, 1);

        assertThat(read()).isEqualTo(records(0, 1));
        assertThat(directory.resolve("notes.txt")).hasContent("mine");
    }

    @Test
    void readerBesideAWriterSeesWholeRecordsInOrder() throws Exception {
        int line = UsageLine.write(SampleUsage.record(0)).length;
        try (var journal = UsageJournal.open(directory, 50L * line);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var writer = threads.submit(() -> records(0, 1000).forEach(journal::publish));
            do {
                var seen = read();
                assertThat(seen).isEqualTo(records(0, seen.size()));
            } while (!writer.isDone());
            writer.get();
        }

        assertThat(read()).isEqualTo(records(0, 1000));
    }

    @Test
    void publishersOnManyThreadsDoNotMixTheirLines() throws Exception {
        int line = UsageLine.write(SampleUsage.record(0)).length;
        try (var journal = UsageJournal.open(directory, 40L * line);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Void>> publishers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                long from = i * 100L;
                publishers.add(
                        () -> {
                            records(from, from + 100).forEach(journal::publish);
                            return null;
                        });
            }
            for (var publisher : threads.invokeAll(publishers)) {
                publisher.get();
            }
        }

        assertThat(read()).containsExactlyInAnyOrderElementsOf(records(0, 800));
    }

    @Test
    void closedJournalKeepsNothing() throws IOException {
        var journal = UsageJournal.open(directory);
        journal.close();

        assertThat(kept(journal.publish(SampleUsage.record(1)))).isFalse();
        assertThat(read()).isEmpty();
    }

    @Test
    void interruptedPublisherDoesNotStopTheOthers() throws IOException {
        try (var journal = UsageJournal.open(directory)) {
            journal.publish(SampleUsage.record(0));

            Thread.currentThread().interrupt();
            var interrupted = journal.publish(SampleUsage.record(1));
            assertThat(Thread.interrupted()).isTrue();
            var after = journal.publish(SampleUsage.record(2));

            assertThat(kept(after)).isTrue();
            var expected = new ArrayList<>(List.of(SampleUsage.record(0), SampleUsage.record(2)));
            if (kept(interrupted)) {
                expected.add(1, SampleUsage.record(1));
            }
            assertThat(read()).isEqualTo(expected);
        }
    }

    @Test
    void segmentThatCannotBeMadeFailsThePublishAndIsTriedAgain() throws IOException {
        int line = UsageLine.write(SampleUsage.record(0)).length;
        var obstacle = Files.createDirectory(Segments.path(directory, 2));
        // Opened before the obstacle counts as a segment.
        Files.delete(obstacle);
        try (var journal = UsageJournal.open(directory, line)) {
            journal.publish(SampleUsage.record(0));
            Files.createDirectory(obstacle);

            assertThat(kept(journal.publish(SampleUsage.record(1)))).isFalse();
            Files.delete(obstacle);
            assertThat(kept(journal.publish(SampleUsage.record(2)))).isTrue();
        }

        assertThat(read()).containsExactly(SampleUsage.record(0), SampleUsage.record(2));
    }

    @Test
    void fullDiskFailsThePublish() throws IOException {
        var full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "needs /dev/full: a file that is always full");
        Files.createSymbolicLink(Segments.path(directory, 1), full);

        var journal = UsageJournal.open(directory);

        assertThat(kept(journal.publish(SampleUsage.record(0)))).isFalse();
        // This file cannot be synced either, and whoever closes the journal is told.
        assertThatThrownBy(journal::close).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void lineIsReadableByAPerson() {
        var line = new String(UsageLine.write(SampleUsage.record(1)), StandardCharsets.UTF_8);

        assertThat(line)
                .matches("(?s)[0-9a-f]{8} \\{.*}\\n")
                .contains("\"outcome\":\"CANCELLED\"", "\"model\":\"modèle \\\"d'Été\\\" 模型");
    }

    @Test
    void nobodyElseMayReadIt() throws IOException {
        var made = directory.resolve("made");
        try (var journal = UsageJournal.open(made)) {
            records(1, 2).forEach(journal::publish);
        }
        var segment = Segments.path(made, 1);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(segment)))
                .isEqualTo("rw-------");
        Files.setPosixFilePermissions(segment, PosixFilePermissions.fromString("rw-r--r--"));
        UsageJournal.open(made).close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(segment)))
                .as("one that an earlier version has made")
                .isEqualTo("rw-------");
    }
}
