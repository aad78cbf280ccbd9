// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.profile;

import io.uplion.bench.report.Report;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/// What a process did from its beginning to its end, and what that cost.
public final class Profile {
    private static final String PROCESSOR = "jdk.CPUTimeSample";
    private static final String WALL = "jdk.ExecutionSample";
    private static final String ALLOCATION = "jdk.ObjectAllocationSample";
    private static final int SHOWN = 30;

    private final FlightRecorder recorder;
    private final long pid;
    private final Path file;
    private final ThreadTimes before;

    private Profile(long pid, Path file) {
        this.recorder = new FlightRecorder(pid);
        this.pid = pid;
        this.file = file;
        recorder.begin();
        this.before = ThreadTimes.of(pid);
    }

    /// @param file where the recording stays, for tools that show more of it
    public static Profile begin(long pid, Path file) {
        return new Profile(pid, file);
    }

    /// @param requests that were answered meanwhile
    public void end(long requests, PrintWriter out) {
        Map<String, Duration> threads = ThreadTimes.of(pid).since(before);
        recorder.end(file);
        out.println();
        out.println(file + ", " + requests + " requests");
        Map<String, Double> nanos = new HashMap<>();
        threads.forEach((kind, time) -> nanos.put(kind, (double) time.toNanos()));
        print(out, "µs a request, by thread", nanos, requests * 1e3);
        try {
            samples(requests, out);
        } catch (IOException e) {
            throw new UncheckedIOException("the recording cannot be read", e);
        }
        out.flush();
    }

    private void samples(long requests, PrintWriter out) throws IOException {
        Map<String, Double> behalf = new HashMap<>();
        Map<String, Double> code = new HashMap<>();
        Allocated bytes = new Allocated();
        try (RecordingFile recording = new RecordingFile(file)) {
            while (recording.hasMoreEvents()) {
                RecordedEvent event = recording.readEvent();
                switch (event.getEventType().getName()) {
                    case PROCESSOR -> count(event, Profile::period, behalf, code);
                    case WALL -> count(event, _ -> Duration.ofMillis(10).toNanos(), behalf, code);
                    case ALLOCATION -> bytes.add(event);
                    default -> {
                        // The recorder's own.
                    }
                }
            }
        }
        print(out, "µs a request, on whose behalf", behalf, requests * 1e3);
        print(out, "µs a request, whose code", code, requests * 1e3);
        print(out, "bytes a request, on whose behalf", bytes.parts(), (double) requests);
    }

    private static long period(RecordedEvent sample) {
        return sample.getDuration("samplingPeriod").toNanos();
    }

    private static void count(
            RecordedEvent event,
            ToLongFunction<RecordedEvent> nanos,
            Map<String, Double> behalf,
            Map<String, Double> code) {
        double time = (double) nanos.applyAsLong(event);
        behalf.merge(Parts.behalf(event.getStackTrace()), time, Double::sum);
        code.merge(Parts.code(event.getStackTrace()), time, Double::sum);
    }

    private static void print(
            PrintWriter out, String title, Map<String, Double> parts, double divisor) {
        double all = parts.values().stream().mapToDouble(part -> part).sum() / divisor;
        out.println();
        out.println(Report.text("%9.1f  %s, all", all, title));
        parts.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(SHOWN)
                .filter(part -> part.getValue() / divisor >= all / 1000)
                .forEach(
                        part ->
                                out.println(
                                        Report.text(
                                                "%9.1f  %s",
                                                part.getValue() / divisor, part.getKey())));
    }
}
