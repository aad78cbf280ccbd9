// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone;

import io.uplion.standalone.cli.CommandLineRoot;

/// The program behind `./uplion`.
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        // Halting at once: what had to be closed was closed by the command.
        Runtime.getRuntime().halt(CommandLineRoot.run(arguments));
    }
}
