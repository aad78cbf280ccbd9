// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

import io.uplion.portal.keys.Keys;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `./uplion key enable` and `disable`.
abstract class KeySwitch implements Callable<Integer> {
    /// Set by picocli before the command runs.
    @SuppressWarnings("NullAway.Init")
    @Spec
    private CommandSpec spec;

    @Mixin private KeyId key = new KeyId();
    @Mixin private DataOption data = new DataOption();

    private final boolean enabled;

    private KeySwitch(boolean enabled) {
        this.enabled = enabled;
    }

    @Command(
            name = "enable",
            description = "Switches an API key on again.",
            mixinStandardHelpOptions = true)
    static final class Enable extends KeySwitch {
        Enable() {
            super(true);
        }
    }

    @Command(
            name = "disable",
            description = "Switches an API key off and stops what it runs, until it is enabled.",
            mixinStandardHelpOptions = true)
    static final class Disable extends KeySwitch {
        Disable() {
            super(false);
        }
    }

    @Override
    public Integer call() {
        UUID id = key.id(spec);
        KeyLimit.changed(
                DatabaseAccess.with(
                        data.directory(),
                        database -> new Keys(database, Clock.systemUTC()).setEnabled(id, enabled)),
                id);
        return 0;
    }
}
