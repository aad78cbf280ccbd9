// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.profile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Processor time of a process's threads, as Linux counts it. A sampler of Java code sees neither
/// the collector nor the compilers; this does.
record ThreadTimes(Map<Path, Used> threads) {
    /// Linux counts in hundredths of a second for programs, whatever its clock is.
    private static final long TICK_MILLIS = 10;

    /// Of the line's fields behind the name: user and system time.
    private static final int USER = 11;

    private static final int SYSTEM = 12;

    /// @param kind the thread's name without its number
    record Used(String kind, Duration time) {}

    /// @return nothing where the system does not tell
    static ThreadTimes of(long pid) {
        Path tasks = Path.of("/proc/" + pid + "/task");
        Map<Path, Used> threads = new HashMap<>();
        if (Files.isDirectory(tasks)) {
            try (Stream<Path> all = Files.list(tasks)) {
                all.forEach(thread -> read(thread, threads));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new ThreadTimes(threads);
    }

    private static void read(Path thread, Map<Path, Used> threads) {
        try {
            String line = Files.readString(thread.resolve("stat"));
            int end = line.lastIndexOf(')');
            String[] fields = line.substring(end + 2).split(" ");
            long ticks = Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM]);
            String kind = line.substring(line.indexOf('(') + 1, end).replaceAll("[-#\\d\\s]+$", "");
            threads.put(thread, new Used(kind, Duration.ofMillis(ticks * TICK_MILLIS)));
        } catch (IOException e) {
            // It has ended meanwhile.
        }
    }

    /// By kind of thread; those that ended in between are missing.
    Map<String, Duration> since(ThreadTimes before) {
        Map<String, Duration> kinds = new TreeMap<>();
        threads.forEach(
                (thread, used) -> {
                    Used earlier = before.threads().get(thread);
                    Duration spent =
                            earlier == null ? used.time() : used.time().minus(earlier.time());
                    kinds.merge(used.kind(), spent, Duration::plus);
                });
        return kinds;
    }
}
