// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.profile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The JDK's own recorder, told by `jcmd` what to record in another process.
///
/// Samples are taken by processor time where the system can (Linux), so that native code and waking
/// up count as what they cost; elsewhere by wall time, of running threads.
record FlightRecorder(long pid) {
    private static final String NAME = "name=bench";
    private static final List<String> BY_PROCESSOR_TIME =
            List.of("+jdk.CPUTimeSample#enabled=true", "+jdk.CPUTimeSample#throttle=2ms");
    private static final List<String> BY_WALL_TIME =
            List.of("+jdk.ExecutionSample#enabled=true", "+jdk.ExecutionSample#period=10ms");
    private static final List<String> ALLOCATION =
            List.of(
                    "+jdk.ObjectAllocationSample#enabled=true",
                    "+jdk.ObjectAllocationSample#throttle=1000/s");

    void begin() {
        boolean linux = System.getProperty("os.name").equals("Linux");
        jcmd(
                Stream.of(
                                List.of("JFR.start", NAME, "settings=none"),
                                linux ? BY_PROCESSOR_TIME : BY_WALL_TIME,
                                ALLOCATION)
                        .flatMap(List::stream)
                        .toList());
    }

    void end(Path file) {
        jcmd(List.of("JFR.stop", NAME, "filename=" + file.toAbsolutePath()));
    }

    private void jcmd(List<String> words) {
        String program = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        List<String> command =
                Stream.concat(Stream.of(program, Long.toString(pid)), words.stream()).toList();
        try {
            Process jcmd = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (jcmd.waitFor() != 0) {
                throw new IllegalStateException("jcmd failed and said:\n" + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("jcmd cannot be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while jcmd ran", e);
        }
    }
}
