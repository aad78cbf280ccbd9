// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

import io.uplion.platform.settings.Amounts;
import io.uplion.portal.keys.Keys;
import io.uplion.portal.keys.Rolling;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `./uplion key roll`.
@Command(
        name = "roll",
        description = "Makes a new API key on the terms of an old one and prints it.",
        mixinStandardHelpOptions = true)
final class KeyRoll implements Callable<Integer> {
    /// Set by picocli before the command runs.
    @SuppressWarnings("NullAway.Init")
    @Spec
    private CommandSpec spec;

    @Mixin private KeyId key = new KeyId();
    @Mixin private DataOption data = new DataOption();

    @Option(
            names = "--overlap",
            paramLabel = "TIME",
            defaultValue = "24h",
            description = "The old key works for so long (default: 24h).")
    private String overlap = "24h";

    @Override
    public Integer call() {
        UUID id = key.id(spec);
        Duration time = overlap();
        Rolling rolling =
                DatabaseAccess.with(
                        data.directory(),
                        database -> new Keys(database, Clock.systemUTC()).roll(id, time));
        return switch (rolling) {
            case Rolling.Rolled rolled -> {
                spec.commandLine().getOut().println(rolled.secret().reveal());
                yield 0;
            }
            case Rolling.NoSuchKey() -> throw KeyId.unknown(id);
            case Rolling.NotUsable(var state) ->
                    throw new CommandFailure(
                            "key " + id + " is " + state.name().toLowerCase(Locale.ROOT));
            case Rolling.TooManyKeys(int limit) ->
                    throw new CommandFailure("its owner has " + limit + " keys, the most");
            case Rolling.Invalid(var problem) -> throw new CommandFailure(problem.toString());
        };
    }

    private Duration overlap() {
        try {
            return Amounts.duration(overlap);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--overlap " + e.getMessage());
        }
    }
}
