// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.uplion.testing.platform.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The commands that the README begins with.
class ReadmeCommandsE2E {
    private static final Pattern BLOCK =
            Pattern.compile("(?ms)^## Two commands$.*?^```\\R(.*?)^```$");
    private static final Pattern COMMAND = Pattern.compile("(?m)^\\./uplion +([a-z-]+)");

    @Test
    void theTwoCommandsOfTheReadmeExist() throws IOException {
        assumeTrue(Program.isBuilt(), "needs the built program: mvn -pl standalone -am package");
        var commands = commands();
        assertThat(commands).containsExactly("up", "test");
        for (var command : commands) {
            var help = Program.run(command, "--help");
            assertThat(help.status()).as(command).isZero();
            assertThat(help.output()).contains("uplion " + command);
            assertThat(help.errors()).isEmpty();
        }
    }

    private static List<String> commands() throws IOException {
        var block = BLOCK.matcher(Files.readString(Program.root().resolve("README.md")));
        assertThat(block.find()).as("a block of commands").isTrue();
        return COMMAND.matcher(block.group(1))
                .results()
                .map((MatchResult command) -> command.group(1))
                .toList();
    }
}
