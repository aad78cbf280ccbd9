// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.server;

import io.uplion.standalone.distributed.process.ProcessException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Pulsar's programs, unpacked. Read only: nothing is ever written there. A cache of their loaded
/// classes (JEP 514), which saves a third of the start, may lie beside them.
///
/// @param home the directory with `lib` and `conf`
public record PulsarDistribution(Path home) {
    /// Where the launcher says that it is.
    public static final String HOME = "UPLION_PULSAR_HOME";

    public PulsarDistribution {
        if (!Files.isDirectory(home.resolve("lib")) || !Files.isRegularFile(settings(home))) {
            throw new ProcessException(home + " holds no Pulsar: lib or conf is missing");
        }
        home = home.toAbsolutePath().normalize();
    }

    /// @throws ProcessException when the launcher has brought none
    public static PulsarDistribution find(Map<String, String> environment) {
        String home = environment.getOrDefault(HOME, "");
        if (home.isEmpty()) {
            throw new ProcessException(
                    "there is no Pulsar: start with ./uplion, which fetches it, or set "
                            + HOME
                            + " to an unpacked distribution");
        }
        return new PulsarDistribution(Path.of(home));
    }

    /// Every jar.
    String classPath() {
        return home.resolve("lib") + "/*";
    }

    /// What this version recommends for one machine.
    Path settings() {
        return settings(home);
    }

    /// Where the cache is, or would be. One of other jars than these is not used by the JVM.
    public Path cache() {
        return home.resolveSibling(home.getFileName() + "-jdk" + Runtime.version() + ".aot");
    }

    private static Path settings(Path home) {
        return home.resolve("conf").resolve("standalone.conf");
    }
}
