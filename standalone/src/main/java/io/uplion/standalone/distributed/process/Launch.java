// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.process;

import io.uplion.platform.process.ParentWatch;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// From a command to a process.
///
/// Ctrl-C in a terminal reaches every process of its group at once; children must hear of it from
/// their parent only, in order. So they get a session of their own where the machine has `setsid`,
/// and are told to ignore it elsewhere. Both hand over to the program itself: the process that is
/// started is the child.
final class Launch {
    private static final Set<String> USUAL = Set.of("PATH", "HOME", "TMPDIR", "LANG", "TZ");

    private static final List<String> APART =
            onPath("setsid")
                    ? List.of("setsid")
                    : List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "sh");

    private Launch() {}

    /// @param run the run directory
    static Process start(Command command, Path log, Path run) throws IOException {
        ProcessBuilder builder = new ProcessBuilder();
        List<String> line = new ArrayList<>(APART);
        switch (command) {
            case Command.Java java -> {
                line.addAll(line(java, run));
                builder.environment().putAll(java.environment());
                builder.redirectInput(Redirect.PIPE);
            }
            case Command.Program program -> {
                line.addAll(program.line());
                keepUsual(builder.environment());
                builder.environment().putAll(program.environment());
                builder.directory(program.directory().toFile());
                builder.redirectInput(Redirect.from(new File("/dev/null")));
            }
        }
        return builder.command(line)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(log.toFile()))
                .start();
    }

    private static List<String> line(Command.Java java, Path run) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // First: what the system tells of a long command line is only its beginning.
        line.add("-D" + ParentWatch.RUN + "=" + run);
        line.addAll(java.options());
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), java.mainClass()));
        return line;
    }

    private static void keepUsual(Map<String, String> environment) {
        environment.keySet().removeIf(name -> !USUAL.contains(name) && !name.startsWith("LC_"));
    }

    private static boolean onPath(String program) {
        String path = System.getenv().getOrDefault("PATH", "");
        for (String directory : path.split(File.pathSeparator)) {
            if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, program))) {
                return true;
            }
        }
        return false;
    }
}
