// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Programs of the machine that are run to their end.
final class Tool {
    private static final long LIMIT_MINUTES = 10;

    private Tool() {}

    /// @return whether there is such a program and it ends well
    static boolean works(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException _) {
            return false;
        }
    }

    /// @return all it said
    static String run(Path directory, List<String> command) throws Exception {
        var said = directory.resolve(Path.of(command.getFirst()).getFileName() + ".txt");
        var process =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        try {
            assertThat(process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES))
                    .as("%s ends within %d minutes", command, LIMIT_MINUTES)
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        var text = Files.readString(said);
        assertThat(process.exitValue()).as("%s said: %s", command, text).isZero();
        return text;
    }
}
