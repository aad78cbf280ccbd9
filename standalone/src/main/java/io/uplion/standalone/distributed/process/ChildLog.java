// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// What a child prints, `NAME.log`. It grows over all starts; when it is large it is put aside as
/// `NAME.log.1`, in place of what was put aside before.
///
/// A running child keeps the file open and writes at its end. So its log is copied, and cut to
/// nothing: what is printed between the two is lost.
final class ChildLog {
    private static final long LARGE_BYTES = 64L << 20;
    private static final int TAIL_BYTES = 16 << 10;
    private static final int TAIL_LINES = 20;
    private static final int LINE_CHARS = 300;

    private final Path file;
    private long beginning;

    ChildLog(Path file) {
        this.file = file;
    }

    Path file() {
        return file;
    }

    synchronized void beginStart() throws IOException {
        beginning = Files.exists(file) ? Files.size(file) : 0;
        if (beginning > LARGE_BYTES) {
            Path aside = file.resolveSibling(file.getFileName() + ".1");
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            beginning = 0;
        }
    }

    /// While the child runs.
    synchronized void bound() throws IOException {
        if (Files.exists(file) && Files.size(file) > LARGE_BYTES) {
            Path aside = file.resolveSibling(file.getFileName() + ".1");
            Files.copy(file, aside, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel log = FileChannel.open(file, StandardOpenOption.WRITE)) {
                log.truncate(0);
            }
            beginning = 0;
        }
    }

    /// The last lines since the last start, indented; where there are none, that.
    synchronized String tail() {
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
            long from = Math.max(beginning, log.length() - TAIL_BYTES);
            byte[] bytes = new byte[(int) Math.max(0, log.length() - from)];
            log.seek(from);
            log.readFully(bytes);
            List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
            if (lines.isEmpty()) {
                return "\n  (it printed nothing)";
            }
            StringBuilder text = new StringBuilder();
            lines.stream()
                    .skip(Math.max(0, lines.size() - TAIL_LINES))
                    .forEach(line -> text.append("\n  ").append(cut(line)));
            return text.toString();
        } catch (IOException e) {
            return "\n  (it cannot be read: " + e.getMessage() + ")";
        }
    }

    private static String cut(String line) {
        return line.length() > LINE_CHARS ? line.substring(0, LINE_CHARS) + "…" : line;
    }
}
