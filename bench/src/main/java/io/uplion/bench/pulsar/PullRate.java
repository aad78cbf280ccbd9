// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.pulsar;

import io.uplion.bench.load.ClosedLoop;
import io.uplion.bench.load.Target;
import io.uplion.bench.pulsar.PulsarCommand.Scene;
import io.uplion.bench.pulsar.PulsarCommand.Through;
import io.uplion.bench.report.Figure;
import io.uplion.bench.report.Figure.Verdict;
import io.uplion.bench.report.Report;
import io.uplion.bench.report.Samples;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// P7: many requests in flight, against as many messages in flight.
final class PullRate {
    private static final int BODY_BYTES = 1024;
    private static final double LEAST = 0.7;

    /// What asking the broker for several messages at once could win, at the cost of fair shares.
    private static final int PERMITS = 16;

    /// The JIT compilers count calls, not seconds.
    private static final long WARM_REQUESTS = 40_000;

    private static final Duration WARM_UP = Duration.ofSeconds(10);
    private static final int WARM_UPS = 12;

    private final Through through;
    private final Scene scene;
    private final int connections;
    private final ClosedLoop clients = ClosedLoop.best();

    PullRate(Through through, Scene scene, int connections) {
        this.through = through;
        this.scene = scene;
        this.connections = connections;
    }

    void run(Report report) throws Exception {
        raw(1);
        int rounds = scene.amount().rounds();
        double[] uplion = new double[rounds];
        double[] raw = new double[rounds];
        double[] ratio = new double[rounds];
        double[] won = new double[rounds];
        Map<String, double[]> micros = new LinkedHashMap<>();
        for (int i = 0; i < rounds; i++) {
            Processors before = Processors.now(through.platform());
            ClosedLoop.Result result = ask(scene.amount().time());
            before.since((double) result.answers(), i, rounds, micros);
            uplion[i] = result.perSecond();
            raw[i] = raw(1);
            ratio[i] = uplion[i] / raw[i];
            won[i] = raw(PERMITS) / raw[i];
            scene.say(
                    Report.text(
                            "round %d: uplion %.0f requests/s, raw %.0f messages/s",
                            i + 1, uplion[i], raw[i]));
        }
        report.add(Figure.plain("uplion: requests/s", Report.spread(Samples.of(uplion), "%.0f")));
        report.add(Figure.plain("raw: messages/s", Report.spread(Samples.of(raw), "%.0f")));
        Samples ratios = Samples.of(ratio);
        report.add(
                new Figure(
                        "P7",
                        "requests/s, uplion / raw, " + connections + " in flight",
                        "≥ 0.7",
                        Report.spread(ratios, "%.2f"),
                        Verdict.of(ratios.median() >= LEAST)));
        report.add(
                Figure.plain(
                        "raw: with " + PERMITS + " permits at once / with one",
                        Report.spread(Samples.of(won), "%.2f")));
        Processors.report(micros, "a request", report);
    }

    /// Before the first figure: processes that have just started are many times slower.
    void warmUp() {
        scene.say("warming up, with " + clients.describe());
        long answers = 0;
        for (int i = 0; i < WARM_UPS && answers < WARM_REQUESTS; i++) {
            answers += ask(WARM_UP).answers();
        }
    }

    private ClosedLoop.Result ask(Duration time) {
        Target target = through.gateway();
        return clients.run(
                target, target.body(false, BODY_BYTES), new ClosedLoop.Load(connections, time));
    }

    private double raw(int permits) throws Exception {
        return new PulledMessages(through.broker().topic(), connections, permits)
                .measure(scene.amount().time());
    }
}
