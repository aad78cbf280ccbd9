// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.data;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/// Files that only their owner may read.
public final class OwnerFile {
    private static final String OWNER_ONLY = "rw-------";
    private static final String PART = ".part";

    private OwnerFile() {}

    /// Replaces the whole file at once: it is never there half written, and never readable by
    /// others, not even for the moment before it is complete. When this returns, a power cut does
    /// not take it away.
    public static void replace(Path file, byte[] content) throws IOException {
        Path part =
                Files.createTempFile(
                        directory(file),
                        "." + file.getFileName(),
                        PART,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString(OWNER_ONLY)));
        try {
            Files.write(part, content);
            sync(part);
            Files.move(
                    part,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            sync(directory(file));
        } finally {
            Files.deleteIfExists(part);
        }
    }

    static void delete(Path file) throws IOException {
        if (Files.deleteIfExists(file)) {
            sync(directory(file));
        }
    }

    /// Deletes what a process that was killed while it replaced a file of this directory has left.
    static void tidy(Path directory) throws IOException {
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(directory, ".*" + PART)) {
            for (Path part : parts) {
                Files.delete(part);
            }
        }
    }

    private static Path directory(Path file) {
        return Objects.requireNonNull(
                file.toAbsolutePath().getParent(), "a file is in a directory");
    }

    private static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
