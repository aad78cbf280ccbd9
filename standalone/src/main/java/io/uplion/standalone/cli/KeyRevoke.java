// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

import io.uplion.portal.keys.Keys;
import io.uplion.portal.keys.Revocation;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `./uplion key revoke`.
@Command(
        name = "revoke",
        description = "Ends an API key for good, and stops what it runs.",
        mixinStandardHelpOptions = true)
final class KeyRevoke implements Callable<Integer> {
    /// Set by picocli before the command runs.
    @SuppressWarnings("NullAway.Init")
    @Spec
    private CommandSpec spec;

    @Mixin private KeyId key = new KeyId();
    @Mixin private DataOption data = new DataOption();

    @Override
    public Integer call() {
        UUID id = key.id(spec);
        Revocation revocation =
                DatabaseAccess.with(
                        data.directory(),
                        database -> new Keys(database, Clock.systemUTC()).revoke(id));
        return switch (revocation) {
            case Revocation.Revoked _, Revocation.AlreadyRevoked _ -> 0;
            case Revocation.NoSuchKey() -> throw KeyId.unknown(id);
        };
    }
}
