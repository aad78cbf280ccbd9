// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

import picocli.CommandLine.Command;

/// `./uplion price …`.
@Command(
        name = "price",
        description = "Looks after prices that hold from a day on.",
        mixinStandardHelpOptions = true,
        subcommands = {PriceListing.class, PriceSetting.class})
final class PriceCommand {}
