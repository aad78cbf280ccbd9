// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.pulsar;

import io.uplion.bench.load.Target;
import io.uplion.bench.process.Bed;
import io.uplion.bench.process.PlatformProcess;
import io.uplion.bench.process.ProviderProcess;
import io.uplion.bench.report.Report;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.pulsar.client.api.PulsarClientException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `./uplion bench pulsar`: P6, P7, frames between processes, and what broker settings are worth.
@Command(
        name = "pulsar",
        description =
                "The distributed form, one gateway and one worker as processes of "
                        + "their own, in turn with its broker used directly: latency, "
                        + "throughput, streamed frames; and what the broker's settings are "
                        + "worth.",
        mixinStandardHelpOptions = true)
public final class PulsarCommand implements Callable<Integer> {
    private static final int SPARE_SLOTS = 8;

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
            names = "--requests",
            defaultValue = "500",
            description =
                    "One after the other, for latency, a side and round"
                            + " (default: ${DEFAULT-VALUE}).")
    private int requests;

    @Option(
            names = "--seconds",
            defaultValue = "5",
            description = "Of full load a side and round (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--connections",
            defaultValue = "256",
            description = "In flight at full load (default: ${DEFAULT-VALUE}).")
    private int connections;

    @Option(
            names = "--streams",
            defaultValue = "64",
            description = "At once, for frames (default: ${DEFAULT-VALUE}).")
    private int streams;

    @Option(
            names = "--setting",
            paramLabel = "NAME=VALUE",
            description = {
                "Of the broker, against what the platform sets: latency is measured with it too.",
                "May be given several times. By default: the distribution's own values of",
                "managedLedgerNewEntriesCheckDelayInMillis and journalSyncData."
            })
    private List<String> settings =
            List.of("managedLedgerNewEntriesCheckDelayInMillis=10", "journalSyncData=true");

    @Option(
            names = "--only",
            split = ",",
            description = "Of latency, throughput, frames, settings.")
    private Set<Part> only = EnumSet.allOf(Part.class);

    enum Part {
        latency,
        throughput,
        frames,
        settings
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Report report = new Report();
        try (Bed bed = Bed.make()) {
            ProviderProcess provider = ProviderProcess.start(bed);
            Scene scene = new Scene(provider, new Amount(rounds, requests, seconds), out);
            asSet(scene, report);
            if (only.contains(Part.settings)) {
                for (String setting : settings) {
                    with(setting, scene, report);
                }
            }
        }
        report.print(out);
        return 0;
    }

    private void asSet(Scene scene, Report report) throws Exception {
        try (Bed bed = Bed.make();
                Through through = through(bed, scene, Map.of())) {
            PullRate pull = new PullRate(through, scene, connections);
            pull.warmUp();
            if (only.contains(Part.latency) || only.contains(Part.settings)) {
                new Latency(through, scene).run("", report);
            }
            if (only.contains(Part.throughput)) {
                pull.run(report);
            }
            if (only.contains(Part.frames)) {
                new FrameRate(through, scene, streams).run(report);
            }
        }
    }

    private void with(String setting, Scene scene, Report report) throws Exception {
        String[] parts = setting.split("=", 2);
        if (parts.length < 2) {
            throw new IllegalStateException("--setting wants NAME=VALUE, not " + setting);
        }
        try (Bed bed = Bed.make();
                Through through = through(bed, scene, Map.of(parts[0], parts[1]))) {
            new PullRate(through, scene, connections).warmUp();
            new Latency(through, scene).run(setting, report);
        }
    }

    private Through through(Bed bed, Scene scene, Map<String, String> settings)
            throws PulsarClientException {
        PlatformProcess.Model model = new PlatformProcess.Model("bench", connections + SPARE_SLOTS);
        return Through.start(bed, scene.provider(), model, settings);
    }

    /// What every part needs.
    record Scene(ProviderProcess provider, Amount amount, PrintWriter out) {
        void say(String line) {
            out.println(line);
            out.flush();
        }
    }

    /// How much is measured.
    record Amount(int rounds, int requests, int seconds) {
        Duration time() {
            return Duration.ofSeconds(seconds);
        }
    }

    /// The platform by its gateway, without the reverse proxy before it, and its broker.
    record Through(PlatformProcess platform, Target gateway, RawBroker broker)
            implements AutoCloseable {
        private static final Duration PATIENCE = Duration.ofMinutes(2);

        static Through start(
                Bed bed,
                ProviderProcess provider,
                PlatformProcess.Model model,
                Map<String, String> settings)
                throws PulsarClientException {
            PlatformProcess platform =
                    PlatformProcess.startDistributed(bed, provider, model, settings);
            Target gateway = platform.target().at(platform.endpoint("gateway-1"));
            gateway.awaitAnswer(PATIENCE);
            RawBroker broker =
                    RawBroker.open(platform.endpoint("pulsar"), platform.endpoint("pulsar-admin"));
            return new Through(platform, gateway, broker);
        }

        @Override
        public void close() throws PulsarClientException {
            broker.close();
        }
    }
}
