// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.clients.external;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.uplion.clients.Client;
import io.uplion.clients.OnePlatform;
import io.uplion.clients.PlatformUnderTest;
import io.uplion.testing.external.Installed;
import io.uplion.testing.external.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// The official OpenAI SDK for Node: the files in `node/`, run by `node --test`.
@ExtendWith(OnePlatform.class)
@Timeout(600)
final class OpenAiNodeE2E {
    private static final Path FILES = Path.of("node");
    private static final int OLDEST = 20;

    private final PlatformUnderTest platform;

    OpenAiNodeE2E(PlatformUnderTest platform) {
        this.platform = platform;
    }

    @TestFactory
    Stream<DynamicNode> nodeCases() throws IOException {
        return External.cases(this::run);
    }

    private List<DynamicContainer> run() throws IOException {
        assumeNode();
        var packages = Installed.once("clients-node", lock(), OpenAiNodeE2E::install);
        var directory = laidOut(packages);
        try (var control = ControlServer.start(platform)) {
            var environment = External.environment(platform, control, Client.OPENAI_NODE);
            return External.files(FILES, ".test.mjs").stream()
                    .map(file -> Cases.of(file, run(directory, file, environment)))
                    .toList();
        }
    }

    private static void assumeNode() throws IOException {
        var version = Program.in(FILES, "node", "--version").run();
        assumeTrue(
                version.status() == 0, "needs Node " + OLDEST + " or newer: no node on the PATH");
        var major = Integer.parseInt(version.output().strip().substring(1).split("\\.", 2)[0]);
        assumeTrue(major >= OLDEST, "needs Node " + OLDEST + " or newer: this is Node " + major);
    }

    private static String lock() throws IOException {
        return Files.readString(FILES.resolve("package-lock.json"));
    }

    private static void install(Path directory) throws IOException {
        for (var file : new String[] {"package.json", "package-lock.json"}) {
            Files.copy(FILES.resolve(file), directory.resolve(file));
        }
        var npm =
                Program.in(directory, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                        .run();
        assertThat(npm.errors()).as("package-lock.json is not up to date").doesNotContain("EUSAGE");
        assumeTrue(
                npm.status() == 0,
                "needs the npm packages of testing/clients/node: npm ci ended with "
                        + npm.status()
                        + ": "
                        + npm.lastWords());
    }

    /// Node looks for packages beside the files that import them.
    private static Path laidOut(Path packages) throws IOException {
        var directory = Files.createDirectories(Path.of("target", "node").toAbsolutePath());
        for (var file : External.files(FILES, ".mjs")) {
            Files.copy(
                    FILES.resolve(file),
                    directory.resolve(file),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        var link = directory.resolve("node_modules");
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, packages.resolve("node_modules"));
        return directory;
    }

    private static Program.Ended run(Path directory, String file, Map<String, String> environment) {
        return External.run(
                Program.in(directory, "node", "--test-reporter=./reporter.mjs", "--test", file)
                        .with(environment));
    }
}
