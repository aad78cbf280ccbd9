// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

import io.uplion.portal.keys.KeyChange;
import io.uplion.portal.keys.Keys;
import io.uplion.portal.limits.LimitsChange;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `./uplion key limit`.
@Command(
        name = "limit",
        description = "Changes an API key's limits; what is not named stays.",
        mixinStandardHelpOptions = true)
final class KeyLimit implements Callable<Integer> {
    /// Set by picocli before the command runs.
    @SuppressWarnings("NullAway.Init")
    @Spec
    private CommandSpec spec;

    @Mixin private KeyId key = new KeyId();
    @Mixin private DataOption data = new DataOption();
    @Mixin private LimitOptions limits = new LimitOptions();

    @Override
    public Integer call() {
        UUID id = key.id(spec);
        LimitsChange wanted = limits.someChange(spec);
        KeyChange change =
                DatabaseAccess.with(
                        data.directory(),
                        database -> new Keys(database, Clock.systemUTC()).limit(id, wanted));
        spec.commandLine()
                .getOut()
                .println(LimitOptions.text(changed(change, id).key().terms().limits()));
        return 0;
    }

    static KeyChange.Changed changed(KeyChange change, UUID id) {
        return switch (change) {
            case KeyChange.Changed changed -> changed;
            case KeyChange.NoSuchKey() -> throw KeyId.unknown(id);
            case KeyChange.Revoked() ->
                    throw new CommandFailure("key " + id + " is revoked, and stays as it is");
            case KeyChange.Stale() ->
                    throw new IllegalStateException("whoever saw nothing saw nothing else");
            case KeyChange.Invalid(var problem) -> throw new CommandFailure(problem.toString());
        };
    }
}
