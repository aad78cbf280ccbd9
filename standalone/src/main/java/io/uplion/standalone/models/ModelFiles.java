// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.models;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.manifest.ManifestError;
import io.uplion.catalog.manifest.ManifestReader;
import io.uplion.catalog.manifest.ManifestReader.Manifests;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The manifests of one directory. A look costs one listing; files are read when they have changed.
///
/// Looking, rather than being told by the system: it works on every file system, and once a second
/// is soon enough.
final class ModelFiles {
    private static final long MAX_BYTES = 1 << 20;

    private final Path directory;
    private Map<Path, Read> known = Map.of();

    /// Which file each name is of, as of the last look.
    private Map<String, Path> owners = Map.of();

    /// @param stamp changes when the file does
    /// @param doubted it has just become wrong or empty: whoever writes it may be in the midst of
    ///   it, and what it said before holds until the next look
    private record Read(Stamp stamp, Manifests manifests, boolean doubted) {}

    private record Stamp(FileTime modified, long size, @Nullable Object file) {}

    /// What the directory says now.
    ///
    /// @param empty the files that say nothing at all
    record Found(List<AIModel> models, List<ManifestError> errors, List<String> empty) {}

    ModelFiles(Path directory) {
        this.directory = directory;
    }

    /// @return nothing where nothing has changed since the last look
    Optional<Found> look() throws IOException {
        Map<Path, Stamp> stamps = stamps();
        Map<Path, Read> read = new TreeMap<>();
        boolean changed = stamps.size() != known.size();
        for (Map.Entry<Path, Stamp> file : stamps.entrySet()) {
            Read before = known.get(file.getKey());
            boolean same = before != null && before.stamp().equals(file.getValue());
            if (before != null && same && !before.doubted()) {
                read.put(file.getKey(), before);
            } else {
                Read now = read(file.getKey(), file.getValue(), before);
                changed |= !now.doubted();
                read.put(file.getKey(), now);
            }
        }
        known = read;
        return changed ? Optional.of(found()) : Optional.empty();
    }

    private static Read read(Path file, Stamp stamp, @Nullable Read before) {
        Manifests now = read(file);
        boolean wasRight = before != null && !before.doubted() && isRight(before.manifests());
        return before != null && wasRight && !isRight(now)
                ? new Read(stamp, before.manifests(), true)
                : new Read(stamp, now, false);
    }

    private static boolean isRight(Manifests manifests) {
        return !manifests.models().isEmpty() && manifests.errors().isEmpty();
    }

    private Map<Path, Stamp> stamps() throws IOException {
        Map<Path, Stamp> stamps = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(ModelFiles::isManifest).toList()) {
                stamp(file).ifPresent(stamp -> stamps.put(file, stamp));
            }
        }
        return stamps;
    }

    /// Nothing for a directory. A link that leads nowhere has a stamp: reading it says what is
    /// wrong.
    private static Optional<Stamp> stamp(Path file) {
        try {
            BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
            return facts.isRegularFile()
                    ? Optional.of(
                            new Stamp(facts.lastModifiedTime(), facts.size(), facts.fileKey()))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.of(new Stamp(FileTime.fromMillis(0), -1, null));
        }
    }

    private static boolean isManifest(Path file) {
        String name = name(file);
        return !name.startsWith(".") && (name.endsWith(".yaml") || name.endsWith(".yml"));
    }

    private static Manifests read(Path file) {
        String name = name(file);
        try {
            if (Files.size(file) > MAX_BYTES) {
                return wrong(name, "the file is larger than 1 MiB");
            }
            return ManifestReader.read(name, Files.readString(file));
        } catch (MalformedInputException e) {
            return wrong(name, "the file is not valid UTF-8");
        } catch (IOException e) {
            return wrong(name, "the file cannot be read: " + e.getMessage());
        }
    }

    private static Manifests wrong(String name, String message) {
        return Manifests.wrong(new ManifestError(name, 1, "", message));
    }

    /// One name is one pool: a second file with it is wrong, and takes nothing over from the one
    /// that was there before it. Among those that came together the first by name holds.
    private Found found() {
        owners = owners();
        List<AIModel> models = new ArrayList<>();
        List<ManifestError> errors = new ArrayList<>();
        List<String> empty = new ArrayList<>();
        known.forEach(
                (file, read) -> {
                    Manifests manifests = read.manifests();
                    errors.addAll(manifests.errors());
                    if (manifests.models().isEmpty() && manifests.errors().isEmpty()) {
                        empty.add(name(file));
                    }
                    for (AIModel model : manifests.models()) {
                        if (file.equals(owners.get(model.name()))) {
                            models.add(model);
                        } else {
                            errors.add(taken(file, manifests, model.name()));
                        }
                    }
                });
        models.sort(Comparator.comparing(AIModel::name));
        return new Found(models, errors, empty);
    }

    private Map<String, Path> owners() {
        Map<String, Path> now = new HashMap<>();
        known.forEach(
                (file, read) -> {
                    for (AIModel model : read.manifests().models()) {
                        if (file.equals(owners.get(model.name()))) {
                            now.put(model.name(), file);
                        } else {
                            now.putIfAbsent(model.name(), file);
                        }
                    }
                });
        return now;
    }

    private ManifestError taken(Path file, Manifests manifests, String model) {
        Path owner = owners.getOrDefault(model, file);
        return new ManifestError(
                name(file),
                manifests.lineOfName().getOrDefault(model, 1),
                "metadata.name",
                model + " is the name of a model in " + name(owner));
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }
}
