// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

import io.uplion.platform.settings.Amounts;
import io.uplion.portal.keys.KeyCreation;
import io.uplion.portal.keys.Keys;
import io.uplion.portal.keys.NewKey;
import io.uplion.standalone.data.FirstRun;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `./uplion key …`.
@Command(
        name = "key",
        description = "Looks after API keys.",
        mixinStandardHelpOptions = true,
        subcommands = KeyCommand.Create.class)
final class KeyCommand {

    @Command(
            name = "create",
            description = "Makes an API key and prints it. Works beside a running up.",
            mixinStandardHelpOptions = true)
    static final class Create implements Callable<Integer> {
        /// Set by picocli before the command runs.
        @SuppressWarnings("NullAway.Init")
        @Spec
        private CommandSpec spec;

        @Mixin private DataOption data = new DataOption();

        @Option(names = "--name", defaultValue = "key", description = "What it is for.")
        private String name = "key";

        @Option(
                names = "--email",
                defaultValue = FirstRun.ADMIN_EMAIL,
                description = "Whose key (default: " + FirstRun.ADMIN_EMAIL + ").")
        private String email = FirstRun.ADMIN_EMAIL;

        @Option(
                names = "--models",
                split = ",",
                paramLabel = "MODEL",
                description = "The only models it may use (default: all its owner may).")
        private Set<String> models = Set.of();

        @Option(
                names = "--expires-in",
                paramLabel = "TIME",
                description = "For example 12h (default: never).")
        private @Nullable String expiresIn;

        @Override
        public Integer call() {
            NewKey asked = new NewKey(name, email, models, expiry());
            KeyCreation creation =
                    DatabaseAccess.with(
                            data.directory(),
                            database -> new Keys(database, Clock.systemUTC()).create(asked));
            return switch (creation) {
                case KeyCreation.Created created -> {
                    spec.commandLine().getOut().println(created.secret().reveal());
                    yield 0;
                }
                case KeyCreation.NoSuchUser() ->
                        throw new CommandFailure("there is no user " + email);
                case KeyCreation.TooManyKeys(int limit) ->
                        throw new CommandFailure(email + " has " + limit + " keys, the most");
                case KeyCreation.Invalid(String problem) -> throw new CommandFailure(problem);
            };
        }

        private Optional<Instant> expiry() {
            if (expiresIn == null) {
                return Optional.empty();
            }
            try {
                return Optional.of(Clock.systemUTC().instant().plus(Amounts.duration(expiresIn)));
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), "--expires-in " + e.getMessage());
            }
        }
    }
}
