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

    /// @param stamp changes when the file does
    private record Read(Stamp stamp, Manifests manifests) {}

    private record Stamp(FileTime modified, long size, @Nullable Object file) {}

    /// What the directory says now.
    record Found(List<AIModel> models, List<ManifestError> errors) {}

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
            if (before != null && before.stamp().equals(file.getValue())) {
                read.put(file.getKey(), before);
            } else {
                changed = true;
                read.put(file.getKey(), new Read(file.getValue(), read(file.getKey())));
            }
        }
        known = read;
        return changed ? Optional.of(found()) : Optional.empty();
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
        String name = file.getFileName().toString();
        return !name.startsWith(".") && (name.endsWith(".yaml") || name.endsWith(".yml"));
    }

    private static Manifests read(Path file) {
        String name = file.getFileName().toString();
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
        return new Manifests(List.of(), List.of(new ManifestError(name, 1, "", message)));
    }

    /// One name is one pool: a second file with it is wrong, whichever came first by name wins.
    private Found found() {
        Map<String, AIModel> models = new TreeMap<>();
        Map<String, String> owners = new HashMap<>();
        List<ManifestError> errors = new ArrayList<>();
        known.forEach(
                (file, read) -> {
                    String name = file.getFileName().toString();
                    errors.addAll(read.manifests().errors());
                    for (AIModel model : read.manifests().models()) {
                        String owner = owners.putIfAbsent(model.name(), name);
                        if (owner == null) {
                            models.put(model.name(), model);
                        } else {
                            errors.add(
                                    new ManifestError(
                                            name,
                                            1,
                                            "metadata.name",
                                            model.name() + " is the name of a model in " + owner));
                        }
                    }
                });
        return new Found(List.copyOf(models.values()), errors);
    }
}
