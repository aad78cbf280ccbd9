// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

import io.uplion.platform.identity.Subject;
import io.uplion.portal.identity.Owners;
import io.uplion.portal.limits.LimitsChange;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "user",
        description = "Looks after users.",
        mixinStandardHelpOptions = true,
        subcommands = UserCommand.Limit.class)
final class UserCommand {

    @Command(
            name = "limit",
            description =
                    "Changes what all keys of a user may use together; what is not named stays.",
            mixinStandardHelpOptions = true)
    static final class Limit implements Callable<Integer> {
        /// Set by picocli before the command runs.
        @SuppressWarnings("NullAway.Init")
        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "EMAIL", description = "Whose limits.")
        private @Nullable String owner;

        @Mixin private DataOption data = new DataOption();
        @Mixin private LimitOptions limits = new LimitOptions();

        @Override
        public Integer call() {
            String asked = String.valueOf(owner).strip();
            LimitsChange wanted = limits.someChange(spec);
            String now =
                    DatabaseAccess.with(
                            data.directory(),
                            database ->
                                    OwnerLimits.change(
                                            database,
                                            owners -> find(owners, asked),
                                            wanted,
                                            "user " + asked));
            spec.commandLine().getOut().println(now);
            return 0;
        }

        private static Optional<Subject> find(Owners owners, String email) {
            return owners.user(email);
        }
    }
}
