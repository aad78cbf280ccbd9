// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

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

        @Mixin private OwnerLimits limits = new OwnerLimits();

        @Override
        public Integer call() {
            String asked = String.valueOf(owner).strip();
            limits.change(spec, owners -> owners.user(asked), "user " + asked);
            return 0;
        }
    }
}
