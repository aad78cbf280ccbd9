// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/// Which key is meant. What was typed is not repeated: it may be the key itself.
final class KeyId {
    @Parameters(paramLabel = "ID", description = "The key's id; key list shows it.")
    private @Nullable String text;

    UUID id(CommandSpec spec) {
        try {
            return UUID.fromString(String.valueOf(text).strip());
        } catch (IllegalArgumentException _) {
            throw new ParameterException(
                    spec.commandLine(), "ID must be a key's id; key list shows the ids");
        }
    }

    static CommandFailure unknown(UUID id) {
        return new CommandFailure("there is no key " + id);
    }
}
