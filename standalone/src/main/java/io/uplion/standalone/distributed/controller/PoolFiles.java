// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.controller;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.manifest.ManifestWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// What workers there should be: a manifest for each pool. Whoever starts processes makes it so, as
/// a cluster makes pods of what an operator has asked for.
public final class PoolFiles {
    static final String SUFFIX = ".yaml";

    private final Path directory;

    public PoolFiles(Path directory) {
        this.directory = directory;
    }

    /// Writes what has changed, and takes away what is not wanted any more.
    void write(List<AIModel> wanted) {
        try {
            Files.createDirectories(directory);
            for (AIModel pool : wanted) {
                write(pool);
            }
            Set<String> names =
                    wanted.stream().map(pool -> pool.name() + SUFFIX).collect(Collectors.toSet());
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
                for (Path file : files) {
                    if (!names.contains(String.valueOf(file.getFileName()))) {
                        Files.delete(file);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the pools cannot be written to " + directory, e);
        }
    }

    private void write(AIModel pool) throws IOException {
        byte[] text = ManifestWriter.write(pool).getBytes(StandardCharsets.UTF_8);
        Path file = directory.resolve(pool.name() + SUFFIX);
        if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), text)) {
            return;
        }
        Path part = directory.resolve(pool.name() + ".part");
        Files.write(part, text);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
