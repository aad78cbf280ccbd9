// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.invariant;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.List;

/// The checker as a program, for runs whose parts are processes and files. It ends with 0 where
/// every invariant holds, with 1 where one does not, with 2 where it cannot tell.
public final class InvariantCheckerMain {
    private InvariantCheckerMain() {}

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments), System.out, System.err));
    }

    static int run(List<String> words, PrintStream out, PrintStream err) {
        try {
            Arguments arguments = Arguments.read(words);
            Report report =
                    new InvariantChecker(arguments.rules())
                            .settle(arguments.restWithin(), arguments.evidence());
            out.println(report);
            return report.isClean() ? 0 : 1;
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage() + System.lineSeparator() + Arguments.USAGE);
        } catch (IOException | UncheckedIOException | IllegalStateException e) {
            err.println(e);
        }
        return 2;
    }
}
