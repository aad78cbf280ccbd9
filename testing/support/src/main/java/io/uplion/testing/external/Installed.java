// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.external;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.stream.Stream;

/// Packages of another language, installed once for each list of them and kept between builds.
public final class Installed {
    private static final String COMPLETE = ".complete";

    private Installed() {}

    /// Installs into an empty directory.
    @FunctionalInterface
    public interface Installation {
        void into(Path directory) throws IOException;
    }

    /// The directory with the packages.
    ///
    /// @param name what they are, in words fit for a file
    /// @param key what was installed, down to the last version: another key, another directory
    public static Path once(String name, String key, Installation installation) throws IOException {
        Path directory = cache().resolve(name + "-" + hash(key));
        if (Files.exists(directory.resolve(COMPLETE))) {
            return directory;
        }
        delete(directory);
        Files.createDirectories(directory);
        installation.into(directory);
        Files.createFile(directory.resolve(COMPLETE));
        return directory;
    }

    private static Path cache() {
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path base = xdg == null ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
        return base.resolve("uplion");
    }

    private static String hash(String key) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] bytes = digest.digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(bytes, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// What an installation that was broken off has left.
    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
