// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.database;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tukaani.xz.XZInputStream;

/// The server's programs, unpacked from the class path once per version.
final class PostgresBinaries {

    /// The version of the binaries on the class path; a test compares it with `postgres --version`.
    static final String VERSION = "18.6";

    private static final Logger LOG = LoggerFactory.getLogger(PostgresBinaries.class);

    private PostgresBinaries() {}

    /// The directory that has `bin/`, unpacked if it is not there. The caller holds the lock of the
    /// data directory.
    static Path unpack(Layout layout) throws IOException {
        Path target = layout.binaries();
        if (Files.isDirectory(target)) {
            return target;
        }
        LOG.info("unpacking PostgreSQL {} into {}", VERSION, target);
        Path unfinished = layout.unfinished("postgres-binaries");
        Trees.delete(unfinished);
        Files.createDirectories(unfinished);
        try (TarArchiveInputStream tar = open(resource())) {
            for (TarArchiveEntry entry = tar.getNextEntry();
                    entry != null;
                    entry = tar.getNextEntry()) {
                unpack(tar, entry, unfinished);
            }
        }
        Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        return target;
    }

    private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path root)
            throws IOException {
        Path path = root.resolve(entry.getName()).normalize();
        if (!path.startsWith(root)) {
            throw new IOException("the archive leaves its directory: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else if (entry.isLink()) {
            Files.createLink(path, root.resolve(entry.getLinkName()).normalize());
        } else {
            Files.copy(tar, path);
            boolean executable = (entry.getMode() & 0100) != 0;
            if (executable && !path.toFile().setExecutable(true)) {
                throw new IOException("cannot make executable: " + path);
            }
        }
    }

    private static TarArchiveInputStream open(String resource) throws IOException {
        InputStream archive = PostgresBinaries.class.getResourceAsStream(resource);
        if (archive == null) {
            throw new EmbeddedDatabaseException(
                    "no PostgreSQL for this machine is part of the program (" + resource + ")");
        }
        return new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive)));
    }

    /// Named as the jars with the binaries name their archives.
    private static String resource() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        return "/postgres-"
                + (system.startsWith("mac") ? "darwin" : system)
                + "-"
                + switch (processor) {
                    case "amd64", "x86_64" -> "x86_64";
                    case "aarch64", "arm64" -> "arm_64";
                    default -> processor;
                }
                + ".txz";
    }
}
