// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.pulsar;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// An unpacked Pulsar distribution. Tests never fetch it: it is 245 MB.
public final class PulsarHome {
    /// Why a test that needs it was skipped.
    public static final String MISSING =
            "there is no Pulsar on this machine: ./uplion fetch-pulsar brings it";

    private PulsarHome() {}

    /// Where the launcher says that it is, else where the launcher keeps it.
    public static Optional<Path> find() {
        String told = System.getenv("UPLION_PULSAR_HOME");
        Path home = told == null || told.isEmpty() ? cached() : Path.of(told);
        return Optional.of(home).filter(path -> Files.isDirectory(path.resolve("lib")));
    }

    private static Path cached() {
        String version = System.getProperty("uplion.pulsar.version", "");
        return cache().resolve("pulsar-" + version);
    }

    private static Path cache() {
        String own = System.getenv("UPLION_CACHE");
        if (own != null && !own.isEmpty()) {
            return Path.of(own);
        }
        String all = System.getenv("XDG_CACHE_HOME");
        Path base =
                all == null || all.isEmpty()
                        ? Path.of(System.getProperty("user.home"), ".cache")
                        : Path.of(all);
        return base.resolve("uplion");
    }
}
