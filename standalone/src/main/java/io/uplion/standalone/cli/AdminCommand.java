// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

import io.uplion.portal.identity.PasswordReset;
import io.uplion.portal.identity.Users;
import io.uplion.standalone.data.FirstRun;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `./uplion admin …`.
@Command(
        name = "admin",
        description = "Looks after administrators.",
        mixinStandardHelpOptions = true,
        subcommands = AdminCommand.ResetPassword.class)
final class AdminCommand {

    @Command(
            name = "reset-password",
            description =
                    "Gives a user a new random password and prints it. Works beside a running up.",
            mixinStandardHelpOptions = true)
    static final class ResetPassword implements Callable<Integer> {
        /// Set by picocli before the command runs.
        @SuppressWarnings("NullAway.Init")
        @Spec
        private CommandSpec spec;

        @Mixin private DataOption data = new DataOption();

        @Option(
                names = "--email",
                defaultValue = FirstRun.ADMIN_EMAIL,
                description = "Whose password (default: " + FirstRun.ADMIN_EMAIL + ").")
        private String email = FirstRun.ADMIN_EMAIL;

        @Override
        public Integer call() {
            PasswordReset reset =
                    DatabaseAccess.with(
                            data.directory(),
                            database ->
                                    new Users(database, Clock.systemUTC()).resetPassword(email));
            return switch (reset) {
                case PasswordReset.Done done -> {
                    spec.commandLine().getOut().println(done.password().reveal());
                    yield 0;
                }
                case PasswordReset.NoSuchUser() ->
                        throw new CommandFailure("there is no user " + email);
            };
        }
    }
}
