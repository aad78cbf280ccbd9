// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.process;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/// How many sockets a process may have.
public final class OpenFiles {
    /// A stream has one socket to its client and one to its provider.
    private static final int EACH = 2;

    private static final int SPARE = 400;

    private OpenFiles() {}

    /// As many streams as the platform may hold, and a word where these are fewer than wanted.
    public static int bound(int wanted, PrintWriter out) {
        long limit = hardLimit();
        int most = (int) Math.min(Integer.MAX_VALUE, (limit - SPARE) / EACH);
        if (wanted <= most) {
            return wanted;
        }
        out.println(
                "a process may open "
                        + limit
                        + " files here: only "
                        + most
                        + " streams instead of "
                        + wanted
                        + " (raise it with ulimit -Hn "
                        + (EACH * wanted + SPARE)
                        + " before)");
        return most;
    }

    /// The hard limit: a JVM raises its soft one to it.
    private static long hardLimit() {
        try {
            return Files.readAllLines(Path.of("/proc/self/limits")).stream()
                    .filter(line -> line.startsWith("Max open files"))
                    .map(line -> line.split("\\s{2,}")[2])
                    .mapToLong(
                            value ->
                                    value.equals("unlimited")
                                            ? Long.MAX_VALUE
                                            : Long.parseLong(value))
                    .findFirst()
                    .orElse(Long.MAX_VALUE);
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }
}
