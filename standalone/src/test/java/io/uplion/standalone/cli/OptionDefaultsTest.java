// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.gateway.GatewayConfig.Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/// What an option is where it is not given: the reference says it, and it is so.
class OptionDefaultsTest {
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| (`--[^|]+) \\| ([^|]+) \\| [^|]+\\|$");
    private static final Pattern OPTION = Pattern.compile("`(--[a-z-]+)[^`]*`");

    /// What the reference says of options that picocli gives no value: the code that reads them
    /// does, which is tried below.
    private static final Map<String, String> WITHOUT_A_VALUE =
            Map.ofEntries(
                    Map.entry("PORT + 1", ""),
                    Map.entry("DATA/models", ""),
                    Map.entry("none", ""),
                    Map.entry("off", "false"),
                    Map.entry("its owner's own", ""),
                    Map.entry("all its owner may use", ""),
                    Map.entry("all of its owner's", ""),
                    Map.entry("everywhere", ""),
                    Map.entry("no limit", ""),
                    Map.entry("never", ""),
                    Map.entry("./data", "data"));

    private static String section(String command) throws IOException {
        var page =
                Files.readString(
                        Path.of(
                                System.getProperty("uplion.root"),
                                "docs/reference/command-line.md"));
        var start = page.indexOf("\n## " + command + "\n");
        assertThat(start).as(command).isNotNegative();
        var end = page.indexOf("\n## ", start + 1);
        return page.substring(start, end < 0 ? page.length() : end);
    }

    private static Map<String, String> listed(String command) throws IOException {
        var listed = new TreeMap<String, String>();
        for (var row : ROW.matcher(section(command)).results().toList()) {
            var words = row.group(2).replace("`", "").strip();
            for (var option : OPTION.matcher(row.group(1)).results().toList()) {
                listed.put(option.group(1), WITHOUT_A_VALUE.getOrDefault(words, words));
            }
        }
        return listed;
    }

    /// As it is when nothing follows its name.
    private static CommandLine command(String words) {
        var line = new CommandLine(CommandLineRoot.class);
        line.parseArgs(words.split(" "));
        for (var word : words.split(" ")) {
            line = line.getSubcommands().get(word);
        }
        return line;
    }

    private static Map<String, String> actual(String words) {
        var line = command(words);
        var actual = new TreeMap<String, String>();
        for (var option : line.getCommandSpec().options()) {
            if (!option.usageHelp() && !option.versionHelp()) {
                actual.put(option.longestName(), value(option));
            }
        }
        return actual;
    }

    private static String value(OptionSpec option) {
        @Nullable Object value = option.getValue();
        return switch (value) {
            case null -> "";
            case Collection<?> many when many.isEmpty() -> "";
            default -> value.toString();
        };
    }

    @ParameterizedTest
    @CsvSource({"up", "key create"})
    void referenceListsTheDefaultsThatHold(String words) throws IOException {
        assertThat(actual(words)).containsExactlyEntriesOf(listed(words));
    }

    @Test
    void defaultsOfAResetAreInItsSentence() throws IOException {
        assertThat(section("admin reset-password"))
                .contains(
                        "`--email` (default `"
                                + actual("admin reset-password").get("--email")
                                + "`)");
        assertThat(actual("admin reset-password").get("--data")).isEqualTo("data");
    }

    @Test
    void whatIsDerivedIsAsTheReferenceSays() {
        var line = command("up");
        var options = ((UpCommand) line.getCommand()).config().options();
        var data = Path.of("data").toAbsolutePath();
        assertThat(options.address()).isEqualTo(new Address("127.0.0.1", 8080, Optional.empty()));
        assertThat(options.managementPort()).isEqualTo(8081);
        assertThat(options.data()).isEqualTo(data);
        assertThat(options.models()).isEqualTo(data.resolve("models"));
        assertThat(options.modelsGiven()).isFalse();
    }
}
