// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.journal;

import io.uplion.task.UsageRecord;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The journal's files: `usage-000001.log` and so on.
final class Segments {
    private static final Pattern NAME = Pattern.compile("usage-(\\d{6})\\.log");

    private Segments() {}

    static Path path(Path directory, int number) {
        return directory.resolve("usage-%06d.log".formatted(number));
    }

    static List<Integer> numbers(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> NAME.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .map(name -> Integer.parseInt(name.group(1)))
                    .sorted()
                    .toList();
        }
    }

    /// @return 0 where there is none
    static int last(Path directory) throws IOException {
        List<Integer> numbers = numbers(directory);
        return numbers.isEmpty() ? 0 : numbers.getLast();
    }

    /// Lines that do not carry their own checksum are passed over: they were never acknowledged.
    static void read(Path file, Consumer<UsageRecord> records) throws IOException {
        read(file, Long.MAX_VALUE, records);
    }

    /// @param limit what lies behind so many bytes is not read
    static void read(Path file, long limit, Consumer<UsageRecord> records) throws IOException {
        try (InputStream bytes = new BufferedInputStream(Files.newInputStream(file))) {
            ByteArrayOutputStream line = new ByteArrayOutputStream(512);
            long left = limit;
            for (int b = bytes.read(); b >= 0 && left > 0; b = bytes.read()) {
                left--;
                if (b != '\n') {
                    line.write(b);
                    continue;
                }
                Optional<UsageRecord> usage = UsageLine.read(line.toByteArray());
                usage.ifPresent(records);
                line.reset();
            }
        }
    }

    static void cutTornTail(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long keep = wholeLines(channel);
            if (keep < channel.size()) {
                channel.truncate(keep);
            }
        }
    }

    /// How many bytes its whole lines have.
    static long wholeLines(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return wholeLines(channel);
        }
    }

    private static long wholeLines(FileChannel channel) throws IOException {
        long end = channel.size();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (end > 0) {
            one.clear();
            // What was taken back meanwhile is no line.
            if (channel.read(one, end - 1) == 1 && one.get(0) == '\n') {
                break;
            }
            end--;
        }
        return end;
    }
}
