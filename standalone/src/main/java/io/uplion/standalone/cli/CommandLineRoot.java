// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

import io.uplion.platform.settings.Settings.SettingsException;
import io.uplion.standalone.StartException;
import io.uplion.standalone.data.DataDirectory.DataException;
import io.uplion.standalone.database.EmbeddedDatabaseException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `./uplion`: the commands, and how their failures look.
@Command(
        name = "uplion",
        description = "An OpenAI-compatible API in front of any model.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            UpCommand.class,
            AdminCommand.class,
            KeyCommand.class,
            UserCommand.class,
            AccountCommand.class,
            LettersCommand.class,
            PriceCommand.class,
            ReconcileCommand.class,
            TrainCommand.class
        })
public final class CommandLineRoot {
    private CommandLineRoot() {}

    /// @return the exit code
    public static int run(String[] arguments) {
        return line().execute(arguments);
    }

    static CommandLine line() {
        CommandLine line = new CommandLine(new CommandLineRoot());
        line.setExecutionExceptionHandler((failure, _, _) -> failed(line, failure));
        line.setUsageHelpAutoWidth(true);
        return line;
    }

    /// What an operator can put right is one line each; anything else is a fault of ours, with its
    /// trace.
    private static int failed(CommandLine line, Exception failure) {
        switch (failure) {
            case CommandFailure known -> say(line, known);
            case StartException known -> say(line, known);
            case DataException known -> say(line, known);
            case EmbeddedDatabaseException known -> say(line, known);
            case SettingsException wrong ->
                    String.valueOf(wrong.getMessage())
                            .lines()
                            .forEach(problem -> line.getErr().println("uplion: " + problem));
            default -> failure.printStackTrace(line.getErr());
        }
        return 1;
    }

    private static void say(CommandLine line, Exception failure) {
        line.getErr().println("uplion: " + failure.getMessage());
    }
}
