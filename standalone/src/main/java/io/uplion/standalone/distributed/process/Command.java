// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// What a child process runs. It is the same at every start, so a child that is started again has
/// the ports it had. Environments hold secrets: a command prints without them.
public sealed interface Command {

    /// A main class of ours, in a JVM of its own with the Java and the class path of this one. It
    /// gets this process's environment as well, and must call [ParentWatch].
    ///
    /// @param options for its JVM
    /// @param environment what it gets on top
    record Java(String mainClass, List<String> options, Map<String, String> environment)
            implements Command {
        public Java {
            options = List.copyOf(options);
            environment = Map.copyOf(environment);
        }

        @Override
        public String toString() {
            return "java " + mainClass;
        }
    }

    /// Another program. Of this process's environment it gets only what every program needs: our
    /// secrets are none of its business. It goes on alone when this process is killed, until the
    /// next start finds it by its pid file.
    ///
    /// @param line the program and its arguments
    /// @param directory where it works
    /// @param environment all it gets beside the usual
    record Program(List<String> line, Path directory, Map<String, String> environment)
            implements Command {
        public Program {
            line = List.copyOf(line);
            environment = Map.copyOf(environment);
        }

        @Override
        public String toString() {
            return line.getFirst();
        }
    }
}
