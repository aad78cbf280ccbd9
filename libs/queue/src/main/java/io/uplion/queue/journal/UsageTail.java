// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.journal;

import io.uplion.task.UsageRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/// Follows a [UsageJournal] that is written meanwhile, and remembers on disk how far it was told to
/// have come. For one thread.
///
/// To be opened before the journal is written to: after a power cut the journal may be shorter than
/// it was, and what is remembered is cut to that.
public final class UsageTail {
    private static final String REMEMBERED = "billed";
    private static final int CHUNK = 1 << 16;

    private final Path directory;
    private Place read;
    private Place billed;

    /// What was read already and belongs to a line that has not ended yet.
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(512);

    /// A place in the journal: before it is what was written earlier.
    public record Place(int segment, long offset) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            return segment == other.segment
                    ? Long.compare(offset, other.offset)
                    : Integer.compare(segment, other.segment);
        }

        @Override
        public String toString() {
            return segment + " " + offset;
        }

        public static Place parse(String text) {
            String[] words = text.strip().split(" ");
            return new Place(Integer.parseInt(words[0]), Long.parseLong(words[1]));
        }
    }

    private UsageTail(Path directory, Place billed) {
        this.directory = directory;
        this.billed = billed;
        this.read = billed;
    }

    /// Goes on where it was; at the beginning where nobody remembers.
    public static UsageTail open(Path directory) throws IOException {
        OwnFiles.makeDirectory(directory);
        List<Integer> segments = Segments.numbers(directory);
        Place first = new Place(segments.isEmpty() ? 1 : segments.getFirst(), 0);
        Place known = remembered(directory, first);
        if (known.compareTo(first) < 0) {
            known = first;
        }
        Path file = Segments.path(directory, known.segment());
        long size = Files.exists(file) ? Files.size(file) : 0;
        return new UsageTail(directory, new Place(known.segment(), Math.min(known.offset(), size)));
    }

    private static Place remembered(Path directory, Place first) throws IOException {
        try {
            return Place.parse(Files.readString(directory.resolve(REMEMBERED)));
        } catch (NoSuchFileException | NumberFormatException | IndexOutOfBoundsException _) {
            // Reading again what was billed does no harm.
            return first;
        }
    }

    /// Reads what is billed and still there, oldest first, also while others bill more.
    public static void readBilled(Path directory, Consumer<UsageRecord> records)
            throws IOException {
        Place end = remembered(directory, new Place(0, 0));
        for (int number : Segments.numbers(directory)) {
            if (number <= end.segment()) {
                long limit = number < end.segment() ? Long.MAX_VALUE : end.offset();
                try {
                    Segments.read(Segments.path(directory, number), limit, records);
                } catch (NoSuchFileException _) {
                    // It is old, and deleted meanwhile.
                }
            }
        }
    }

    /// Reads on.
    ///
    /// @param most lines
    /// @return whole lines, without their line feed, in order; nothing where there are none yet
    public List<byte[]> read(int most) throws IOException {
        List<byte[]> lines = new ArrayList<>();
        boolean more = true;
        while (more && lines.size() < most) {
            boolean ended = !readSegment(most, lines) && lines.size() < most;
            more = ended && next();
        }
        return lines;
    }

    /// @return whether it stopped because there were enough
    private boolean readSegment(int most, List<byte[]> lines) throws IOException {
        Path file = Segments.path(directory, read.segment());
        if (Files.notExists(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(CHUNK);
            long offset = read.offset() + line.size();
            while (lines.size() < most) {
                int count = channel.read(bytes.clear(), offset);
                if (count <= 0) {
                    return false;
                }
                offset += count;
                take(bytes.array(), count, most, lines);
                if (lines.size() == most) {
                    // What follows the last one is read again.
                    line.reset();
                }
            }
            return true;
        }
    }

    private void take(byte[] bytes, int count, int most, List<byte[]> lines) {
        int start = 0;
        for (int i = 0; i < count && lines.size() < most; i++) {
            if (bytes[i] == '\n') {
                end(bytes, start, i, lines);
                start = i + 1;
            }
        }
        if (lines.size() < most) {
            line.write(bytes, start, count - start);
        }
    }

    /// A line ends; what was read of it before stands in [#line].
    private void end(byte[] bytes, int from, int to, List<byte[]> lines) {
        byte[] whole;
        if (line.size() == 0) {
            whole = Arrays.copyOfRange(bytes, from, to);
        } else {
            line.write(bytes, from, to - from);
            whole = line.toByteArray();
            line.reset();
        }
        read = new Place(read.segment(), read.offset() + whole.length + 1);
        lines.add(whole);
    }

    /// A segment is closed once there is a next one. What is at its end without a line feed was
    /// never acknowledged.
    private boolean next() throws IOException {
        for (int number : Segments.numbers(directory)) {
            if (number > read.segment()) {
                // It may have grown until the next one came.
                long size = Files.size(Segments.path(directory, read.segment()));
                if (read.offset() + line.size() < size) {
                    return true;
                }
                line.reset();
                read = new Place(number, 0);
                return true;
            }
        }
        // A line that is being written may be taken back.
        line.reset();
        return false;
    }

    /// All that was read is billed. A crash in between does no harm: it is read again.
    public void remember() throws IOException {
        if (billed.equals(read)) {
            return;
        }
        Path part = directory.resolve(REMEMBERED + ".part");
        try (var out = OwnFiles.write(part)) {
            out.write((read + "\n").getBytes(StandardCharsets.US_ASCII));
        }
        Files.move(part, directory.resolve(REMEMBERED), StandardCopyOption.ATOMIC_MOVE);
        billed = read;
    }

    /// How far it was billed.
    public Place billed() {
        return billed;
    }

    /// Behind the last whole line that there is now.
    public Place end() throws IOException {
        int last = Segments.last(directory);
        if (last == 0) {
            return new Place(1, 0);
        }
        return new Place(last, Segments.wholeLines(Segments.path(directory, last)));
    }

    /// Deletes segments that are billed and were last written before then.
    public void deleteOlderThan(Instant time) throws IOException {
        for (int number : Segments.numbers(directory)) {
            Path file = Segments.path(directory, number);
            if (number < billed.segment()
                    && Files.getLastModifiedTime(file).toInstant().isBefore(time)) {
                Files.deleteIfExists(file);
            }
        }
    }
}
