// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.pulsar;

import io.uplion.bench.process.PlatformProcess;
import io.uplion.bench.report.Figure;
import io.uplion.bench.report.Report;
import io.uplion.bench.report.Samples;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The processor time that each kind of process of the distributed form has had: what limits it.
record Processors(PlatformProcess platform, Map<String, Duration> had) {
    private static final List<String> NAMES = List.of("gateway", "worker", "pulsar", "access");

    static Processors now(PlatformProcess platform) {
        Map<String, Duration> had = new LinkedHashMap<>();
        NAMES.forEach(name -> had.put(name, platform.cpu(name)));
        return new Processors(platform, had);
    }

    /// Microseconds for each of so many units of work since then, put down as one round's.
    void since(double units, int round, int rounds, Map<String, double[]> micros) {
        had.forEach(
                (name, before) ->
                        micros.computeIfAbsent(name, _ -> new double[rounds])[round] =
                                platform.cpu(name).minus(before).toNanos() / 1e3 / units);
    }

    static void report(Map<String, double[]> micros, String unit, Report report) {
        micros.forEach(
                (name, each) ->
                        report.add(
                                Figure.plain(
                                        name + ": processor time " + unit + ", µs",
                                        Report.spread(Samples.of(each), "%.1f"))));
    }
}
