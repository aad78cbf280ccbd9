// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

import io.uplion.platform.identity.Subject;
import io.uplion.portal.changes.AfterChange;
import io.uplion.portal.identity.OwnerChange;
import io.uplion.portal.identity.Owners;
import io.uplion.portal.limits.LimitsChange;
import io.uplion.portal.limits.Problem;
import io.uplion.store.Database;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/// Limits of users and accounts, which hold for all their keys together: what the commands that
/// change them have in common.
final class OwnerLimits {
    @Mixin private DataOption data = new DataOption();
    @Mixin private LimitOptions limits = new LimitOptions();

    /// Prints the limits that hold then.
    ///
    /// @param owner finds whose limits; nothing where there is nobody of that name
    /// @param asked as it was typed
    void change(CommandSpec spec, Function<Owners, Optional<Subject>> owner, String asked) {
        LimitsChange wanted = limits.someChange(spec);
        String now =
                DatabaseAccess.with(
                        data.directory(), database -> changed(database, owner, wanted, asked));
        spec.commandLine().getOut().println(now);
    }

    private static String changed(
            Database database,
            Function<Owners, Optional<Subject>> owner,
            LimitsChange wanted,
            String asked) {
        Owners owners = new Owners(database, AfterChange.NOTHING);
        OwnerChange change =
                owner.apply(owners)
                        .map(found -> owners.limit(found, wanted))
                        .orElseGet(OwnerChange.NoSuchOwner::new);
        return switch (change) {
            case OwnerChange.Changed changed -> LimitOptions.text(changed.limits());
            case OwnerChange.NoSuchOwner() -> throw new CommandFailure("there is no " + asked);
            case OwnerChange.Invalid(Problem problem) ->
                    throw new CommandFailure(problem.toString());
        };
    }
}
