// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.streams;

import io.uplion.bench.load.StreamClient;
import io.uplion.bench.load.Target;
import io.uplion.bench.process.Bed;
import io.uplion.bench.process.PlatformProcess;
import io.uplion.bench.process.ProviderProcess;
import io.uplion.bench.report.Figure;
import io.uplion.bench.report.Figure.Verdict;
import io.uplion.bench.report.Report;
import io.uplion.bench.report.Samples;
import io.uplion.bench.streams.StreamLoad.Pace;
import io.uplion.bench.streams.StreamLoad.Seen;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `./uplion bench streams`: P4.
@Command(
        name = "streams",
        description =
                "Many streams at once, each in its rhythm: late, lost and swapped "
                        + "frames and the time to the first token, in turn with the same "
                        + "load straight at the fake provider.",
        mixinStandardHelpOptions = true)
public final class StreamsCommand implements Callable<Integer> {
    private static final int SPARE_SLOTS = 64;
    private static final Duration FIRST_ANSWER = Duration.ofMinutes(1);
    private static final double MORE_STALLS_PERCENT = 0.1;
    private static final double MOST_FIRST_TOKEN_MILLIS = 5;

    /// Set by picocli before the command runs.
    @SuppressWarnings("NullAway.Init")
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--connections",
            defaultValue = "512",
            description = "Streams at once (default: ${DEFAULT-VALUE}).")
    private int connections;

    @Option(
            names = "--rate",
            defaultValue = "50",
            description = "Tokens a second and stream (default: ${DEFAULT-VALUE}).")
    private int rate;

    @Option(
            names = "--tokens",
            defaultValue = "150",
            description = "Of one stream; then the next begins (default: ${DEFAULT-VALUE}).")
    private int tokens;

    @Option(
            names = "--rounds",
            defaultValue = "5",
            description = "Each with both sides in turn (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--seconds",
            defaultValue = "10",
            description = "A side and round (default: ${DEFAULT-VALUE}).")
    private int seconds;

    private record Round(Seen uplion, Seen direct) {
        double moreStalls() {
            return uplion.stalledPercent() - direct.stalledPercent();
        }

        double addedFirstToken(double percent) {
            return uplion.firstTokenMillis().percentile(percent)
                    - direct.firstTokenMillis().percentile(percent);
        }
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        String script = "bench;tokens=" + tokens + ";interval=" + 1_000_000 / rate + "us";
        Pace pace =
                new Pace(
                        connections,
                        tokens,
                        Duration.ofNanos(1_000_000_000L / rate),
                        Duration.ofSeconds(seconds));
        try (Bed bed = Bed.make();
                StreamClient client = new StreamClient(2 * connections)) {
            ProviderProcess provider = ProviderProcess.start(bed);
            PlatformProcess platform =
                    PlatformProcess.start(
                            bed,
                            provider,
                            new PlatformProcess.Model(script, connections + SPARE_SLOTS));
            Target uplion = platform.target();
            Target direct = provider.target(script);
            // The first answer of a program takes as long as its classes take to load.
            uplion.awaitAnswer(FIRST_ANSWER);
            out.println("warming up");
            out.flush();
            StreamLoad.run(client, uplion, pace);
            StreamLoad.run(client, direct, pace);
            List<Round> measured = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                Round round =
                        new Round(
                                StreamLoad.run(client, uplion, pace),
                                StreamLoad.run(client, direct, pace));
                measured.add(round);
                out.println("round " + (i + 1) + ": uplion " + round.uplion().describe());
                out.println("         direct " + round.direct().describe());
                out.flush();
            }
            report(measured).print(out);
        }
        return 0;
    }

    private Report report(List<Round> measured) {
        Report report = new Report();
        String load = connections + " streams of " + rate + "/s";
        report.add(plain(measured, "uplion: frames late, %", r -> r.uplion().stalledPercent()));
        report.add(plain(measured, "direct: frames late, %", r -> r.direct().stalledPercent()));
        Samples more = Samples.each(measured, Round::moreStalls);
        report.add(
                new Figure(
                        "P4",
                        load + ": gaps > 2 × the interval, uplion − direct, % of frames",
                        "≤ 0.1",
                        Report.spread(more, "%.3f"),
                        Verdict.of(more.median() <= MORE_STALLS_PERCENT)));
        Samples first = Samples.each(measured, round -> round.addedFirstToken(99));
        report.add(
                plain(measured, "added time to first token, p50, ms", r -> r.addedFirstToken(50)));
        report.add(
                new Figure(
                        "P4",
                        "added time to first token, p99, ms",
                        "≤ 5",
                        Report.spread(first, "%.2f"),
                        Verdict.of(first.median() <= MOST_FIRST_TOKEN_MILLIS)));
        long wrong = measured.stream().mapToLong(round -> round.uplion().wrong()).sum();
        long frames = measured.stream().mapToLong(round -> round.uplion().frames()).sum();
        report.add(
                new Figure(
                        "P4",
                        "frames lost or out of order, streams broken",
                        "0",
                        wrong + " of " + frames,
                        Verdict.of(wrong == 0)));
        return report;
    }

    private static Figure plain(List<Round> measured, String what, ToDoubleFunction<Round> value) {
        return Figure.plain(what, Report.spread(Samples.each(measured, value), "%.3f"));
    }
}
