// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone;

import io.uplion.standalone.cli.CommandLineRoot;

/// The program behind `./uplion`.
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        // An exit, not a halt: at a normal end the JVM writes the cache of a training run.
        System.exit(CommandLineRoot.run(arguments));
    }
}
