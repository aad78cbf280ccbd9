// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.manifest.ManifestReader;
import io.uplion.catalog.manifest.ManifestReader.Manifests;
import io.uplion.platform.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Every setting of a worker's process, with its default.
///
/// @param name of this worker, that no other has
/// @param manifest the pool it belongs to
/// @param secrets below it are the files that the manifest names
/// @param environment where the manifest's variables are
public record WorkerServiceConfig(
        String name,
        AIModel manifest,
        Path secrets,
        Map<String, String> environment,
        String pulsarUrl,
        WorkerConfig worker) {
    private static final String PREFIX = "UPLION_WORKER_";

    /// @throws Settings.SettingsException naming every wrong setting
    public static WorkerServiceConfig read(Settings settings, Map<String, String> environment) {
        String file = settings.text(PREFIX + "MANIFEST", "");
        AIModel manifest = manifest(settings, file);
        String given = settings.text(PREFIX + "NAME", "");
        String name =
                given.isBlank()
                        ? ProcessHandle.current().pid() + "@" + environment.get("HOSTNAME")
                        : given;
        String secrets = settings.text(PREFIX + "SECRETS", ".");
        String pulsar = settings.text("UPLION_PULSAR_URL", "pulsar://127.0.0.1:6650");
        Duration drain =
                settings.duration(PREFIX + "DRAIN", Optional.empty())
                        .orElse(manifest == null ? AIModel.DEFAULT_TIMEOUT : manifest.timeout());
        WorkerConfig worker = WorkerConfig.read(settings, List.of(), drain);
        settings.check();
        if (manifest == null) {
            throw new IllegalStateException("a manifest without an error is none");
        }
        return new WorkerServiceConfig(
                name, manifest, Path.of(secrets), Map.copyOf(environment), pulsar, worker);
    }

    private static @Nullable AIModel manifest(Settings settings, String file) {
        String setting = PREFIX + "MANIFEST";
        if (file.isBlank()) {
            settings.refuse(setting, "is needed: the file with the pool's AIModel");
            return null;
        }
        try {
            Manifests read = ManifestReader.read(file, Files.readString(Path.of(file)));
            if (read.errors().isEmpty() && read.models().size() == 1) {
                return read.models().getFirst();
            }
            settings.refuse(
                    setting,
                    read.errors().isEmpty()
                            ? file + " must have one AIModel, and has " + read.models().size()
                            : read.errors().stream()
                                    .map(Object::toString)
                                    .collect(Collectors.joining("; ")));
        } catch (IOException | InvalidPathException _) {
            settings.refuse(setting, "the file " + file + " cannot be read");
        }
        return null;
    }
}
