// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// What the platform's processes hold of the machine's memory, as Linux counts it.
public final class ProcessMemory {
    private final ChildProcess process;
    private final Supplier<Optional<ProcessHandle>> postmaster;

    ProcessMemory(ChildProcess process, Supplier<Optional<ProcessHandle>> postmaster) {
        this.process = process;
        this.postmaster = postmaster;
    }

    /// @throws IllegalStateException in words where the system does not tell
    public static void requireLinux() {
        if (!Files.isReadable(Path.of("/proc/self/status"))) {
            throw new IllegalStateException("needs Linux: memory is read from /proc");
        }
    }

    /// Resident KiB of the JVM.
    public long residentKib() {
        return field(jvm(), "status", "VmRSS:");
    }

    /// The most that [#residentKib] ever was, or since [#resetPeak()].
    public long peakKib() {
        return field(jvm(), "status", "VmHWM:");
    }

    public void resetPeak() {
        try {
            Files.writeString(Path.of("/proc/" + jvm().pid() + "/clear_refs"), "5");
        } catch (IOException e) {
            // Then it is the peak since the start, which is no less.
        }
    }

    /// What PostgreSQL's processes hold; pages they share count once.
    public long postgresKib() {
        return postmaster.get().stream()
                .flatMap(first -> Stream.concat(Stream.of(first), first.descendants()))
                .mapToLong(one -> field(one, "smaps_rollup", "Pss:"))
                .sum();
    }

    /// Lets the JVM collect its garbage and give back what it can.
    public void collectGarbage() {
        String pid = Long.toString(jvm().pid());
        try {
            Process jcmd =
                    new ProcessBuilder(JavaProgram.BIN.resolve("jcmd").toString(), pid, "GC.run")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            if (!jcmd.waitFor(30, TimeUnit.SECONDS)) {
                jcmd.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ProcessHandle jvm() {
        return process.all().stream()
                .filter(ProcessMemory::isJava)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the platform has stopped"));
    }

    private static boolean isJava(ProcessHandle one) {
        return programName(one).equals("java");
    }

    private static String programName(ProcessHandle one) {
        return one.info()
                .command()
                .map(Path::of)
                .map(Path::getFileName)
                .map(Path::toString)
                .orElse("");
    }

    private static long field(ProcessHandle one, String file, String name) {
        try {
            List<String> lines = Files.readAllLines(Path.of("/proc/" + one.pid() + "/" + file));
            return lines.stream()
                    .filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
