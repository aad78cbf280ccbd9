// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.queue.SampleUsage;
import io.uplion.queue.journal.UsageTail.Place;
import io.uplion.task.UsageRecord;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageTailTest {
    private static final long SMALL = 2_000;

    @TempDir private Path directory;
    private long serial;

    private List<UsageRecord> publish(int count) throws IOException {
        var published = new ArrayList<UsageRecord>();
        try (var journal = UsageJournal.open(directory, SMALL)) {
            for (int i = 0; i < count; i++) {
                var usage = SampleUsage.record(++serial);
                journal.publish(usage).toCompletableFuture().join();
                published.add(usage);
            }
        }
        return published;
    }

    private static List<UsageRecord> read(UsageTail tail, int most) throws IOException {
        return tail.read(most).stream().map(line -> UsageLine.read(line).orElseThrow()).toList();
    }

    @Test
    void everythingIsReadOnceInOrderOverAllSegments() throws IOException {
        var tail = UsageTail.open(directory);
        assertThat(read(tail, 10)).isEmpty();
        var published = new ArrayList<>(publish(25));

        var read = new ArrayList<>(read(tail, 7));
        read.addAll(read(tail, 100));
        published.addAll(publish(5));
        read.addAll(read(tail, 100));

        assertThat(Segments.numbers(directory)).hasSizeGreaterThan(3);
        assertThat(read).isEqualTo(published);
        assertThat(read(tail, 100)).isEmpty();
    }

    /// Lines and what is read at a time end at different places.
    @Test
    void linesAreWholeWhereverAReadEnds() throws IOException {
        var written = new ArrayList<byte[]>();
        for (int i = 0; i < 2_000; i++) {
            written.add(UsageLine.write(SampleUsage.record(++serial)));
        }
        OwnFiles.makeDirectory(directory);
        for (var line : written) {
            Files.write(
                    Segments.path(directory, 1),
                    line,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
        var tail = UsageTail.open(directory);

        var read = new ArrayList<>(tail.read(3));
        read.addAll(tail.read(1_000));
        read.addAll(tail.read(10_000));

        assertThat(Files.size(Segments.path(directory, 1))).isGreaterThan(1 << 18);
        assertThat(read).hasSameSizeAs(written);
        for (int i = 0; i < read.size(); i++) {
            var line = written.get(i);
            assertThat(read.get(i)).isEqualTo(Arrays.copyOf(line, line.length - 1));
        }
    }

    @Test
    void itGoesOnWhereItWasToldToRememberThatItIs() throws IOException {
        var published = publish(20);
        var first = UsageTail.open(directory);
        read(first, 8);
        first.remember();
        read(first, 5);

        var second = UsageTail.open(directory);

        assertThat(read(second, 100)).isEqualTo(published.subList(8, 20));
        assertThat(second.billed()).isLessThan(second.end());
        second.remember();
        assertThat(second.billed()).isEqualTo(second.end());
        assertThat(read(UsageTail.open(directory), 100)).isEmpty();
    }

    @Test
    void whatIsBilledCanBeReadAgainAndNothingElse() throws IOException {
        var published = publish(20);
        var tail = UsageTail.open(directory);
        var billed = new ArrayList<UsageRecord>();
        UsageTail.readBilled(directory, billed::add);
        assertThat(billed).isEmpty();
        read(tail, 13);
        tail.remember();

        UsageTail.readBilled(directory, billed::add);

        assertThat(billed).isEqualTo(published.subList(0, 13));
    }

    @Test
    void lineThatIsNotWholeYetIsReadWhenItIs() throws IOException {
        publish(2);
        var tail = UsageTail.open(directory);
        var line = UsageLine.write(SampleUsage.record(++serial));
        var file = Segments.path(directory, 1);
        Files.write(file, Arrays.copyOf(line, 50), StandardOpenOption.APPEND);

        assertThat(read(tail, 100)).hasSize(2);
        tail.remember();
        assertThat(tail.billed()).isEqualTo(tail.end());
        Files.write(file, Arrays.copyOfRange(line, 50, line.length), StandardOpenOption.APPEND);
        assertThat(read(tail, 100)).hasSize(1);
    }

    @Test
    void whatAWriterTookBackIsNoPartOfTheNextLine() throws IOException {
        publish(1);
        var file = Segments.path(directory, 1);
        var size = Files.size(file);
        Files.writeString(file, "half a line", StandardOpenOption.APPEND);
        var tail = UsageTail.open(directory);
        assertThat(read(tail, 100)).hasSize(1);
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }

        var published = publish(3);

        assertThat(read(tail, 100)).isEqualTo(published);
    }

    @Test
    void tornEndOfAClosedSegmentIsPassedOver() throws IOException {
        publish(1);
        Files.writeString(Segments.path(directory, 1), "half a line", StandardOpenOption.APPEND);
        Files.write(Segments.path(directory, 2), UsageLine.write(SampleUsage.record(9)));

        var tail = UsageTail.open(directory);

        assertThat(read(tail, 100)).hasSize(2);
        tail.remember();
        assertThat(tail.billed()).isEqualTo(tail.end());
    }

    @Test
    void journalThatAPowerCutMadeShorterIsReadFromItsEnd() throws IOException {
        publish(1);
        Files.writeString(directory.resolve("billed"), "1 999999\n", StandardCharsets.US_ASCII);

        var tail = UsageTail.open(directory);
        var published = publish(2);

        assertThat(read(tail, 100)).isEqualTo(published);
    }

    @Test
    void spoiledMemoryMeansReadingFromTheBeginning() throws IOException {
        var published = publish(3);
        for (var text : List.of("", "x y", "7")) {
            Files.writeString(directory.resolve("billed"), text);
            assertThat(read(UsageTail.open(directory), 100)).isEqualTo(published);
        }
    }

    @Test
    void onlySegmentsThatAreBilledAndOldAreDeleted() throws IOException {
        publish(30);
        var all = Segments.numbers(directory);
        var tail = UsageTail.open(directory);
        read(tail, 15);
        tail.remember();
        Files.setLastModifiedTime(
                Segments.path(directory, 1), FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));

        tail.deleteOlderThan(Instant.parse("2026-02-01T00:00:00Z"));
        assertThat(Segments.numbers(directory)).isEqualTo(all.subList(1, all.size()));
        tail.deleteOlderThan(Instant.MAX);

        assertThat(Segments.numbers(directory).getFirst()).isEqualTo(tail.billed().segment());
        assertThat(read(tail, 100)).hasSize(15);
    }

    @Test
    void placesAreInTheOrderInWhichTheyWereWritten() {
        assertThat(new Place(1, 900)).isLessThan(new Place(2, 0)).isGreaterThan(new Place(1, 10));
        assertThat(Place.parse(new Place(3, 77).toString())).isEqualTo(new Place(3, 77));
    }
}
