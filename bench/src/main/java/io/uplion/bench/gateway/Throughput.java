// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.gateway;

import io.uplion.bench.gateway.GatewayCommand.Sides;
import io.uplion.bench.load.ClosedLoop;
import io.uplion.bench.load.Target;
import io.uplion.bench.report.Figure;
import io.uplion.bench.report.Figure.Verdict;
import io.uplion.bench.report.Report;
import io.uplion.bench.report.Samples;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;

/// P1: requests/s of whole chat answers, in turn with the yardsticks.
final class Throughput {
    private static final int BODY_BYTES = 1024;
    private static final double TARGET = 0.5;

    private final ClosedLoop clients;
    private final ClosedLoop.Load load;
    private final PrintWriter out;

    Throughput(ClosedLoop clients, ClosedLoop.Load load, PrintWriter out) {
        this.clients = clients;
        this.load = load;
        this.out = out;
    }

    void warmUp(Sides sides, Duration time) {
        ClosedLoop.Load warm = new ClosedLoop.Load(load.connections(), time);
        say("warming up for %d s, with %s", time.toSeconds(), clients.describe());
        run(sides.uplion(), warm);
        ClosedLoop.Load shortly = new ClosedLoop.Load(load.connections(), Duration.ofSeconds(2));
        run(sides.direct(), shortly);
        sides.nginx(false).ifPresent(nginx -> run(nginx, shortly));
    }

    private double run(Target target, ClosedLoop.Load with) {
        return clients.run(target, target.body(false, BODY_BYTES), with).perSecond();
    }

    void run(Sides sides, int rounds, Report report) {
        double[] uplion = new double[rounds];
        double[] direct = new double[rounds];
        double[] nginx = new double[rounds];
        Optional<Target> proxy = sides.nginx(false);
        for (int round = 0; round < rounds; round++) {
            uplion[round] = run(sides.uplion(), load);
            nginx[round] = proxy.isPresent() ? run(proxy.get(), load) : Double.NaN;
            direct[round] = run(sides.direct(), load);
            say(
                    "round %d: uplion %.0f/s, nginx %.0f/s, direct %.0f/s; uplion/nginx %.2f",
                    round + 1,
                    uplion[round],
                    nginx[round],
                    direct[round],
                    uplion[round] / nginx[round]);
        }
        report.add(Figure.plain("uplion, requests/s", spread(uplion)));
        report.add(Figure.plain("direct, requests/s", spread(direct)));
        if (proxy.isPresent()) {
            report.add(Figure.plain("nginx, requests/s", spread(nginx)));
            report.add(ratio(uplion, nginx));
        }
    }

    private static String spread(double[] values) {
        return Report.spread(Samples.of(values), "%.0f");
    }

    private Figure ratio(double[] uplion, double[] nginx) {
        double[] ratios = new double[uplion.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = uplion[i] / nginx[i];
        }
        Samples samples = Samples.of(ratios);
        return new Figure(
                "P1",
                "requests/s, uplion / nginx, " + load.connections() + " connections, keys on",
                "≥ 0.5",
                Report.spread(samples, "%.2f"),
                Verdict.of(samples.median() >= TARGET));
    }

    private void say(String format, Object... values) {
        out.println(Report.text(format, values));
        out.flush();
    }
}
