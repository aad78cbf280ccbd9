// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// The number of a running child, for people, scripts, and the start after one that was killed.
record PidFile(Path path) {

    void write(long pid) throws IOException {
        Files.writeString(path, pid + "\n");
    }

    void delete() throws IOException {
        Files.deleteIfExists(path);
    }

    /// The process it names, if that lives and is one of ours: a number alone may have been given
    /// to something else since. Ours name the data directory in their command line.
    Optional<ProcessHandle> find(Path data) throws IOException {
        return number().flatMap(ProcessHandle::of)
                .filter(ProcessHandle::isAlive)
                .filter(
                        process ->
                                process.info()
                                        .commandLine()
                                        .filter(line -> line.contains(data.toString()))
                                        .isPresent());
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
