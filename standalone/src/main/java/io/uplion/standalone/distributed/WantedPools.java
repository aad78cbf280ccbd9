// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.manifest.ManifestReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// What workers the controller wants: a manifest file for each pool.
record WantedPools(Path directory) {

    /// By the pools' names.
    Map<String, AIModel> read() {
        Map<String, AIModel> wanted = new TreeMap<>();
        if (!Files.isDirectory(directory)) {
            return wanted;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.yaml")) {
            for (Path file : files) {
                read(file, wanted);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the pools cannot be read", e);
        }
        return wanted;
    }

    /// One that is gone meanwhile is not wanted any more.
    private static void read(Path file, Map<String, AIModel> wanted) throws IOException {
        try {
            ManifestReader.read(file.toString(), Files.readString(file))
                    .models()
                    .forEach(model -> wanted.put(model.name(), model));
        } catch (NoSuchFileException _) {
            // As if it had not been listed.
        }
    }

    Path file(AIModel pool) {
        return directory.resolve(pool.name() + ".yaml");
    }
}
