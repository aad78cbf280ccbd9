// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.secret;

import io.uplion.catalog.SecretSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Reads the secrets that manifests name. Read for each use: a corrected one needs no restart.
public final class Secrets {
    private static final long MAX_BYTES = 64 << 10;

    private final Path directory;
    private final Map<String, String> environment;

    /// @param directory relative files, and `secrets/NAME/KEY`, are below it
    public Secrets(Path directory, Map<String, String> environment) {
        this.directory = directory;
        this.environment = environment;
    }

    /// @return nothing where the secret is not there (yet)
    public Optional<String> read(SecretSource source) {
        return switch (source) {
            case SecretSource.Env(String variable) ->
                    Optional.ofNullable(environment.get(variable))
                            .map(String::strip)
                            .filter(text -> !text.isEmpty());
            case SecretSource.File(Path path) -> file(directory.resolve(path));
            case SecretSource.SecretRef(String name, String key) ->
                    file(directory.resolve("secrets").resolve(name).resolve(key));
        };
    }

    /// Where the operator has to put it.
    String place(SecretSource source) {
        return switch (source) {
            case SecretSource.Env(String variable) -> "the variable " + variable;
            case SecretSource.File(Path path) -> "the file " + directory.resolve(path);
            case SecretSource.SecretRef(String name, String key) ->
                    "the file " + directory.resolve("secrets").resolve(name).resolve(key);
        };
    }

    private static Optional<String> file(Path path) {
        try {
            if (Files.size(path) > MAX_BYTES) {
                return Optional.empty();
            }
            return Optional.of(Files.readString(path).strip()).filter(text -> !text.isEmpty());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
