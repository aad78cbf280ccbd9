// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.clients.external;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.uplion.clients.Client;
import io.uplion.clients.OnePlatform;
import io.uplion.clients.PlatformUnderTest;
import io.uplion.testing.external.Installed;
import io.uplion.testing.external.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// The official OpenAI SDK for Python: the files in `python/`, run by `unittest`.
@ExtendWith(OnePlatform.class)
@Timeout(600)
final class OpenAiPythonE2E {
    private static final Path FILES = Path.of("python").toAbsolutePath();
    private static final int OLDEST_MINOR = 10;

    private final PlatformUnderTest platform;

    OpenAiPythonE2E(PlatformUnderTest platform) {
        this.platform = platform;
    }

    @TestFactory
    Stream<DynamicNode> pythonCases() throws IOException {
        return External.cases(this::run);
    }

    private List<DynamicContainer> run() throws IOException {
        var version = assumePython();
        var requirements = Files.readString(FILES.resolve("requirements.txt"));
        var venv =
                Installed.once("clients-python", version + requirements, OpenAiPythonE2E::install);
        try (var control = ControlServer.start(platform)) {
            Map<String, String> environment =
                    new HashMap<>(External.environment(platform, control, Client.OPENAI_PYTHON));
            environment.put("PYTHONDONTWRITEBYTECODE", "1");
            environment.put("PYTHONUTF8", "1");
            return External.files(FILES, ".py").stream()
                    .filter(file -> file.startsWith("test_"))
                    .map(file -> Cases.of(file, run(venv, file, environment)))
                    .toList();
        }
    }

    private static String assumePython() throws IOException {
        var needs = "needs Python 3." + OLDEST_MINOR + " or newer: ";
        var version = Program.in(FILES, "python3", "--version").run();
        assumeTrue(version.status() == 0, needs + "no python3 on the PATH");
        var words = version.output().strip();
        var parts = words.substring(words.indexOf(' ') + 1).split("\\.");
        assumeTrue(Integer.parseInt(parts[1]) >= OLDEST_MINOR, needs + "this is " + words);
        return words;
    }

    private static void install(Path directory) throws IOException {
        var venv = Program.in(FILES, "python3", "-m", "venv", directory.toString()).run();
        assumeTrue(venv.status() == 0, "needs Python's venv: " + venv.lastWords());
        var requirements = FILES.resolve("requirements.txt").toString();
        var pip =
                Program.in(FILES, python(directory), "-m", "pip", "install", "-r", requirements)
                        .with(Map.of("PIP_DISABLE_PIP_VERSION_CHECK", "1"))
                        .run();
        assumeTrue(
                pip.status() == 0,
                "needs the packages of testing/clients/python: pip ended with "
                        + pip.status()
                        + ": "
                        + pip.lastWords());
    }

    private static String python(Path venv) {
        return venv.resolve("bin").resolve("python").toString();
    }

    private static Program.Ended run(Path venv, String file, Map<String, String> environment) {
        var module = file.substring(0, file.length() - ".py".length());
        return External.run(Program.in(FILES, python(venv), "run.py", module).with(environment));
    }
}
