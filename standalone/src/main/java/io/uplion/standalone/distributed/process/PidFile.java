// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// The number of a running child, for people, scripts, and the start after one that was killed.
record PidFile(Path path) {
    private static final Duration TOLERANCE = Duration.ofSeconds(3);

    /// Whoever reads it meanwhile finds a whole number.
    void write(long pid) throws IOException {
        Path next = path.resolveSibling(path.getFileName() + ".new");
        Files.writeString(next, pid + "\n");
        Files.move(next, path, StandardCopyOption.ATOMIC_MOVE);
    }

    void delete() throws IOException {
        Files.deleteIfExists(path);
    }

    /// The process it names, if that lives and is ours: a number alone may have been given to
    /// something else since. Ours began when the file was written, or name the data directory in
    /// their command line. Either may fail: clocks are set, and some programs change their line. In
    /// a container that starts again at once the number may be this process's own.
    Optional<ProcessHandle> find(Path data) throws IOException {
        Optional<ProcessHandle> process =
                number().filter(number -> number != ProcessHandle.current().pid())
                        .flatMap(ProcessHandle::of)
                        .filter(ProcessHandle::isAlive);
        return process.isPresent() && (beganWith(process.get()) || names(process.get(), data))
                ? process
                : Optional.empty();
    }

    private boolean beganWith(ProcessHandle process) throws IOException {
        Instant written = Files.getLastModifiedTime(path).toInstant();
        return process.info()
                .startInstant()
                .map(began -> Duration.between(began, written).abs())
                .filter(apart -> apart.compareTo(TOLERANCE) < 0)
                .isPresent();
    }

    private static boolean names(ProcessHandle process, Path data) {
        return process.info()
                .commandLine()
                .filter(line -> line.contains(data.toString()))
                .isPresent();
    }

    private Optional<Long> number() throws IOException {
        try {
            String text = Files.readString(path).strip();
            return text.matches("\\d{1,9}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }
}
