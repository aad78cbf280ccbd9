// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.gateway;

import io.uplion.bench.load.ClosedLoop;
import io.uplion.bench.process.Bed;
import io.uplion.bench.process.NginxProcess;
import io.uplion.bench.process.PlatformProcess;
import io.uplion.bench.process.ProviderProcess;
import io.uplion.bench.report.Report;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `./uplion bench gateway`: P1 and P3.
@Command(
        name = "gateway",
        description =
                "Requests/s and added latency of whole and streamed chat answers, "
                        + "in turn with nginx and with the fake provider asked directly.",
        mixinStandardHelpOptions = true)
public final class GatewayCommand implements Callable<Integer> {
    private static final String SCRIPT = "bench";
    private static final int SLOTS = 256;

    /// Set by picocli before the command runs.
    @SuppressWarnings("NullAway.Init")
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--rounds",
            defaultValue = "5",
            description = "Each with every side in turn (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--seconds",
            defaultValue = "5",
            description = "Of full load a side and round (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--warm-up",
            defaultValue = "20",
            paramLabel = "SECONDS",
            description = "Of load before the first round (default: ${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(
            names = "--connections",
            defaultValue = "64",
            description = "At full load (default: ${DEFAULT-VALUE}).")
    private int connections;

    @Option(
            names = "--requests",
            defaultValue = "1000",
            description =
                    "One after the other, for latency, a side and round"
                            + " (default: ${DEFAULT-VALUE}).")
    private int requests;

    @Option(names = "--only", description = "throughput or latency.")
    private Optional<Part> only = Optional.empty();

    @Option(
            names = "--profile",
            paramLabel = "DIRECTORY",
            description =
                    "Instead of comparing, record where the platform spends its processor time"
                            + " under full load, with and without limits.")
    private Optional<Path> profile = Optional.empty();

    enum Part {
        throughput,
        latency
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        try (Bed bed = Bed.make()) {
            ProviderProcess provider = ProviderProcess.start(bed);
            PlatformProcess platform =
                    PlatformProcess.start(bed, provider, new PlatformProcess.Model(SCRIPT, SLOTS));
            Sides sides = Sides.of(platform, provider, NginxProcess.start(bed, provider), SCRIPT);
            if (sides.nginx().isEmpty()) {
                out.println("nginx is not installed: there is no yardstick");
            }
            if (profile.isPresent()) {
                profile(platform, sides, profile.get(), out);
                return 0;
            }
            Report report = new Report();
            if (only.isEmpty() || only.get() == Part.throughput) {
                throughput(sides, out, report);
            }
            if (only.isEmpty() || only.get() == Part.latency) {
                new AddedLatency(sides, rounds, requests, out).run(report);
            }
            report.print(out);
        }
        return 0;
    }

    private void throughput(Sides sides, PrintWriter out, Report report) {
        Throughput throughput = throughput(out);
        throughput.warmUp(sides, Duration.ofSeconds(warmUp));
        throughput.run(sides, rounds, report);
    }

    private Throughput throughput(PrintWriter out) {
        ClosedLoop.Load load = new ClosedLoop.Load(connections, Duration.ofSeconds(seconds));
        return new Throughput(ClosedLoop.best(), load, out);
    }

    private void profile(PlatformProcess platform, Sides sides, Path directory, PrintWriter out)
            throws IOException {
        Files.createDirectories(directory);
        Throughput throughput = throughput(out);
        throughput.warmUp(sides, Duration.ofSeconds(warmUp));
        Path governed = directory.resolve("governed.jfr");
        throughput.profile(sides.uplion(), platform.pid(), governed);
        Path ungoverned = directory.resolve("ungoverned.jfr");
        throughput.profile(sides.ungoverned(), platform.pid(), ungoverned);
    }
}
