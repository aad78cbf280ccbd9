// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.gateway;

import io.uplion.bench.gateway.Sides.Side;
import io.uplion.bench.load.ClosedLoop;
import io.uplion.bench.load.ClosedLoop.Load;
import io.uplion.bench.load.ClosedLoop.Result;
import io.uplion.bench.load.Target;
import io.uplion.bench.profile.Profile;
import io.uplion.bench.report.Figure;
import io.uplion.bench.report.Figure.Verdict;
import io.uplion.bench.report.Report;
import io.uplion.bench.report.Samples;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// P1 and P2: requests/s of whole chat answers, with and without limits, in turn with the
/// yardsticks.
final class Throughput {
    private static final int BODY_BYTES = 1024;
    private static final double TARGET = 0.5;
    private static final double UNGOVERNED_TARGET = 0.6;
    private static final double MOST_LOST = 0.15;

    /// The JIT compilers count calls, not seconds: on a machine that others use too, time alone
    /// does not make a program warm.
    private static final long WARM_REQUESTS = 100_000;

    private static final int WARM_UPS = 5;

    private final ClosedLoop clients;
    private final Load load;
    private final PrintWriter out;

    Throughput(ClosedLoop clients, Load load, PrintWriter out) {
        this.clients = clients;
        this.load = load;
        this.out = out;
    }

    /// One side in one round.
    ///
    /// @param cpuMicros processor time a request, of what serves on this side
    private record Measured(double perSecond, double cpuMicros) {}

    void warmUp(Sides sides, Duration time) {
        out.println(
                Report.text("warming up for %d s, with %s", time.toSeconds(), clients.describe()));
        out.flush();
        Load warm = new Load(load.connections(), time);
        long answers = 0;
        for (int i = 0; i < WARM_UPS && answers < WARM_REQUESTS; i++) {
            answers += ask(sides.uplion(), warm).answers();
        }
        Load shortly = new Load(load.connections(), Duration.ofSeconds(3));
        sides.all().forEach(side -> ask(side, shortly));
    }

    private Result ask(Side side, Load with) {
        Target target = side.whole();
        return clients.run(target, target.body(false, BODY_BYTES), with);
    }

    private Measured measure(Side side) {
        Duration before = side.cpu().get();
        Result result = ask(side, load);
        double micros = side.cpu().get().minus(before).toNanos() / 1e3;
        return new Measured(result.perSecond(), micros / result.answers());
    }

    /// @param pid of the platform's JVM
    /// @param file where the recording is to stay
    void profile(Side side, long pid, Path file) {
        Profile profile = Profile.begin(pid, file);
        Result result = ask(side, load);
        profile.end(result.answers(), out);
    }

    void run(Sides sides, int rounds, Report report) {
        Map<Side, Measured[]> measured = new HashMap<>();
        for (int round = 0; round < rounds; round++) {
            StringBuilder line = new StringBuilder("round " + (round + 1));
            for (Side side : sides.all()) {
                Measured one = measure(side);
                measured.computeIfAbsent(side, _ -> new Measured[rounds])[round] = one;
                line.append(Report.text(", %s %.0f/s", side.name(), one.perSecond()));
            }
            out.println(line);
            out.flush();
        }
        for (Side side : sides.all()) {
            absolute(side, Objects.requireNonNull(measured.get(side)), report);
        }
        Measured[] uplion = Objects.requireNonNull(measured.get(sides.uplion()));
        Measured[] ungoverned = Objects.requireNonNull(measured.get(sides.ungoverned()));
        sides.nginx()
                .ifPresent(
                        proxy -> {
                            Measured[] nginx = Objects.requireNonNull(measured.get(proxy));
                            besideNginx(uplion, nginx, report);
                            ungoverned(ungoverned, nginx, report);
                        });
        cost(uplion, ungoverned, report);
    }

    private static void absolute(Side side, Measured[] measured, Report report) {
        report.add(
                Figure.plain(
                        side.name() + ": requests/s",
                        Report.spread(
                                Samples.each(List.of(measured), Measured::perSecond), "%.0f")));
        report.add(
                Figure.plain(
                        side.name() + ": processor time a request, µs",
                        Report.spread(
                                Samples.each(List.of(measured), Measured::cpuMicros), "%.0f")));
    }

    private void besideNginx(Measured[] uplion, Measured[] nginx, Report report) {
        Samples ratios = ratios(uplion, nginx);
        report.add(
                new Figure(
                        "P1",
                        "requests/s, uplion / nginx, "
                                + load.connections()
                                + " connections, keys, limits, budget and bills on",
                        "≥ " + TARGET,
                        Report.spread(ratios, "%.2f"),
                        Verdict.of(ratios.median() >= TARGET)));
    }

    private static void ungoverned(Measured[] uplion, Measured[] nginx, Report report) {
        Samples ratios = ratios(uplion, nginx);
        report.add(
                new Figure(
                        "P2",
                        "requests/s, uplion / nginx, with a key without limits",
                        "≥ " + UNGOVERNED_TARGET,
                        Report.spread(ratios, "%.2f"),
                        Verdict.of(ratios.median() >= UNGOVERNED_TARGET)));
    }

    private static void cost(Measured[] governed, Measured[] ungoverned, Report report) {
        Samples ratios = ratios(governed, ungoverned);
        report.add(
                new Figure(
                        "P2",
                        "what limits and a budget cost of it",
                        "≤ 15 %",
                        Report.text("%.1f %%", (1 - ratios.median()) * 100),
                        Verdict.of(1 - ratios.median() <= MOST_LOST)));
    }

    private static Samples ratios(Measured[] one, Measured[] other) {
        double[] ratios = new double[one.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = one[i].perSecond() / other[i].perSecond();
        }
        return Samples.of(ratios);
    }
}
