// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.gateway;

import io.uplion.bench.load.Exchange;
import io.uplion.bench.load.Exchange.Times;
import io.uplion.bench.load.Target;
import io.uplion.bench.report.Figure;
import io.uplion.bench.report.Figure.Verdict;
import io.uplion.bench.report.Report;
import io.uplion.bench.report.Samples;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;

/// P3: what a lone request waits longer than it would straight at the provider, to the first and to
/// the last byte of the answer's body.
final class AddedLatency {
    private static final int BODY_BYTES = 1024;
    private static final int WARM_UPS = 3;
    private static final double TIMES_NGINX = 4;
    private static final double MOST_P99_MILLIS = 2;

    private final Sides sides;
    private final int rounds;
    private final int requests;
    private final PrintWriter out;

    AddedLatency(Sides sides, int rounds, int requests, PrintWriter out) {
        this.sides = sides;
        this.rounds = rounds;
        this.requests = requests;
        this.out = out;
    }

    /// Milliseconds of one side in one round.
    private record Waits(Samples first, Samples last) {
        Samples of(boolean toLast) {
            return toLast ? last : first;
        }
    }

    private record Round(Waits uplion, Waits direct, Optional<Waits> nginx) {}

    void run(Report report) throws IOException {
        for (boolean stream : new boolean[] {false, true}) {
            for (int i = 0; i < WARM_UPS; i++) {
                round(stream);
            }
            Round[] measured = new Round[rounds];
            for (int i = 0; i < rounds; i++) {
                measured[i] = round(stream);
                say(stream, i, measured[i]);
            }
            String kind = stream ? "streamed" : "whole";
            if (stream) {
                report(report, kind + ", first byte", measured, false);
            }
            report(report, kind + ", last byte", measured, true);
        }
    }

    private Round round(boolean stream) throws IOException {
        Waits uplion = side(sides.uplion().target(stream), stream);
        Optional<Waits> nginx = Optional.empty();
        if (sides.nginx().isPresent()) {
            nginx = Optional.of(side(sides.nginx().get().target(stream), stream));
        }
        return new Round(uplion, side(sides.direct().target(stream), stream), nginx);
    }

    private Waits side(Target target, boolean stream) throws IOException {
        byte[] request = target.request(target.body(stream, BODY_BYTES));
        double[] first = new double[requests];
        double[] last = new double[requests];
        try (Exchange exchange = Exchange.connect(target.host(), target.port())) {
            for (int i = 0; i < requests; i++) {
                Times times = exchange.ask(request);
                if (times.status() != 200) {
                    throw new IllegalStateException(target.name() + " answered " + times.status());
                }
                first[i] = times.firstNanos() / 1e6;
                last[i] = times.lastNanos() / 1e6;
            }
        }
        return new Waits(Samples.of(first), Samples.of(last));
    }

    private void say(boolean stream, int index, Round round) {
        out.println(
                Report.text(
                        "round %d, %s: p50 to the last byte: uplion %.3f ms, direct %.3f ms%s",
                        index + 1,
                        stream ? "streamed" : "whole",
                        round.uplion().last().median(),
                        round.direct().last().median(),
                        round.nginx()
                                .map(side -> Report.text(", nginx %.3f ms", side.last().median()))
                                .orElse("")));
        out.flush();
    }

    private static void report(Report report, String what, Round[] measured, boolean toLast) {
        double[] p50 = new double[measured.length];
        double[] p99 = new double[measured.length];
        double[] nginx = new double[measured.length];
        double[] ratio = new double[measured.length];
        for (int i = 0; i < measured.length; i++) {
            Samples direct = measured[i].direct().of(toLast);
            Samples uplion = measured[i].uplion().of(toLast);
            p50[i] = uplion.median() - direct.median();
            p99[i] = uplion.percentile(99) - direct.percentile(99);
            nginx[i] =
                    measured[i].nginx().map(side -> side.of(toLast).median()).orElse(Double.NaN)
                            - direct.median();
            ratio[i] = p50[i] / nginx[i];
        }
        report.add(Figure.plain(what + ": added p50, ms", Report.spread(Samples.of(p50), "%.3f")));
        if (measured[0].nginx().isPresent()) {
            report.add(
                    Figure.plain(
                            what + ": nginx's added p50, ms",
                            Report.spread(Samples.of(nginx), "%.3f")));
            report.add(
                    limited(
                            what + ": added p50, uplion / nginx",
                            "≤ 4",
                            Samples.of(ratio),
                            TIMES_NGINX));
        }
        report.add(limited(what + ": added p99, ms", "≤ 2", Samples.of(p99), MOST_P99_MILLIS));
    }

    private static Figure limited(String what, String target, Samples samples, double most) {
        return new Figure(
                "P3",
                what,
                target,
                Report.spread(samples, "%.2f"),
                Verdict.of(samples.median() <= most));
    }
}
