// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.server;

import io.uplion.standalone.distributed.process.ProcessException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;

/// The Redis of this machine, or else the one that the program brings.
final class RedisProgram {
    private static final String NAME = "redis-server";

    private RedisProgram() {}

    /// @param path directories to search, as in `PATH`
    /// @param directory where the one that the program brings is unpacked
    static Path find(String path, Path directory) throws IOException {
        for (String place : path.split(File.pathSeparator)) {
            Path program = Path.of(place, NAME);
            if (!place.isEmpty() && Files.isExecutable(program)) {
                return program;
            }
        }
        return unpack(directory);
    }

    private static Path unpack(Path directory) throws IOException {
        String resource = resource();
        Path program = directory.resolve(resource);
        if (Files.isExecutable(program)) {
            return program;
        }
        try (InputStream packed = RedisProgram.class.getResourceAsStream("/" + resource)) {
            if (packed == null) {
                throw new ProcessException(
                        "there is no redis-server on PATH, and the program brings none for this"
                                + " machine: install Redis");
            }
            Path part = Files.createTempFile(directory, ".redis", ".part");
            Files.copy(packed, part, StandardCopyOption.REPLACE_EXISTING);
            Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rwx------"));
            return Files.move(part, program, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /// As the jar with the binaries names them.
    private static String resource() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        boolean arm = processor.equals("aarch64") || processor.equals("arm64");
        if (system.startsWith("mac")) {
            return "redis-server-6.2.6-v5-darwin-" + (arm ? "arm64" : "amd64");
        }
        return arm ? "redis-server-6.2.7-linux-arm64" : "redis-server-6.2.6-v5-linux-amd64";
    }
}
