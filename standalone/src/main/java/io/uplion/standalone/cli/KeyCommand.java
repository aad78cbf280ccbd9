// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

import picocli.CommandLine.Command;

/// `./uplion key …`.
@Command(
        name = "key",
        description = "Looks after API keys.",
        mixinStandardHelpOptions = true,
        subcommands = {
            KeyCreate.class,
            KeyList.class,
            KeyLimit.class,
            KeySwitch.Enable.class,
            KeySwitch.Disable.class,
            KeyRevoke.class,
            KeyRoll.class
        })
final class KeyCommand {}
