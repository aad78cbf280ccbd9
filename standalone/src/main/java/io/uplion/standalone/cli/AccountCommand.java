// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

import io.uplion.platform.identity.Subject;
import io.uplion.portal.identity.Owners;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "account",
        description = "Looks after accounts.",
        mixinStandardHelpOptions = true,
        subcommands = AccountCommand.Limit.class)
final class AccountCommand {

    @Command(
            name = "limit",
            description =
                    "Changes what all who use an account may use together;"
                            + " what is not named stays.",
            mixinStandardHelpOptions = true)
    static final class Limit implements Callable<Integer> {
        /// Set by picocli before the command runs.
        @SuppressWarnings("NullAway.Init")
        @Spec
        private CommandSpec spec;

        @Parameters(
                paramLabel = "ACCOUNT",
                description = "Its id, or the email of the user whose own it is.")
        private @Nullable String owner;

        @Mixin private OwnerLimits limits = new OwnerLimits();

        @Override
        public Integer call() {
            String asked = String.valueOf(owner).strip();
            limits.change(spec, owners -> find(owners, asked), "account " + asked);
            return 0;
        }

        private static Optional<Subject> find(Owners owners, String asked) {
            return asked.contains("@") ? owners.personalAccount(asked) : byId(asked);
        }

        private static Optional<Subject> byId(String id) {
            try {
                return Optional.of(Subject.account(UUID.fromString(id)));
            } catch (IllegalArgumentException _) {
                return Optional.empty();
            }
        }
    }
}
