// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.idempotency;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The files of what is kept, one an answer, for their owner alone. A file's name says whose it is
/// and until when it is kept. The oldest go first when they are too many bytes together. Whoever
/// calls sees to it that nobody else does, except for reading and writing.
final class KeptFiles {
    private static final Logger LOG = LoggerFactory.getLogger(KeptFiles.class);
    private static final Set<PosixFilePermission> OWNER_ONLY =
            PosixFilePermissions.fromString("rw-------");
    private static final Pattern NAME = Pattern.compile("([0-9a-f]{64})-([0-9]{1,15})");

    /// What a file takes at least.
    private static final int BLOCK_BYTES = 4096;

    private final Path directory;
    private final long maxBytes;

    /// In the order in which they end.
    private final Map<String, File> files = new LinkedHashMap<>();

    private long bytes;

    /// @param until milliseconds of the epoch
    record File(String name, Path path, long until, long bytes) {}

    private KeptFiles(Path directory, long maxBytes) {
        this.directory = directory;
        this.maxBytes = maxBytes;
    }

    /// Finds what an earlier process has kept.
    static KeptFiles open(Path directory, long maxBytes) throws IOException {
        KeptFiles kept = new KeptFiles(directory, maxBytes);
        List<Path> found;
        try (Stream<Path> all = Files.list(directory)) {
            found = all.toList();
        }
        found.stream().filter(path -> path.toString().endsWith(".part")).forEach(KeptFiles::delete);
        found.stream()
                .flatMap(path -> file(path).stream())
                .sorted(Comparator.comparingLong(File::until))
                .forEach(kept::add);
        return kept;
    }

    private static Optional<File> file(Path path) {
        Matcher name = NAME.matcher(path.getFileName().toString());
        if (!name.matches()) {
            return Optional.empty();
        }
        try {
            long until = Long.parseLong(name.group(2));
            return Optional.of(new File(name.group(1), path, until, room(Files.size(path))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long room(long bytes) {
        return (bytes + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
    }

    Optional<File> find(String name, long now) {
        dropEnded(now);
        return Optional.ofNullable(files.get(name));
    }

    private void dropEnded(long now) {
        Iterator<File> oldest = files.values().iterator();
        while (oldest.hasNext()) {
            File file = oldest.next();
            if (file.until() > now) {
                return;
            }
            oldest.remove();
            gone(file);
        }
    }

    private void gone(File file) {
        bytes -= file.bytes();
        delete(file.path());
    }

    /// What was written, or found.
    void add(File file) {
        File earlier = files.get(file.name());
        if (earlier != null) {
            forget(earlier);
        }
        files.put(file.name(), file);
        bytes += file.bytes();
        Iterator<File> oldest = files.values().iterator();
        while (bytes > maxBytes && oldest.hasNext()) {
            File first = oldest.next();
            oldest.remove();
            gone(first);
        }
    }

    /// Does nothing where it has been replaced.
    void forget(File file) {
        if (files.remove(file.name(), file)) {
            gone(file);
        }
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("{} cannot be deleted", path);
        }
    }

    /// Whole or not at all. It is not found before it is added.
    File write(String name, long until, byte[] content) throws IOException {
        Path path = directory.resolve(name + "-" + until);
        Path part = directory.resolve(name + "-" + until + ".part");
        Files.deleteIfExists(part);
        try (SeekableByteChannel to =
                Files.newByteChannel(
                        part,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                to.write(rest);
            }
        }
        Files.move(part, path, StandardCopyOption.ATOMIC_MOVE);
        return new File(name, path, until, room(content.length));
    }
}
