// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.pulsar;

import io.uplion.bench.load.Exchange;
import io.uplion.bench.load.Exchange.Times;
import io.uplion.bench.load.Target;
import io.uplion.bench.pulsar.PulsarCommand.Scene;
import io.uplion.bench.pulsar.PulsarCommand.Through;
import io.uplion.bench.report.Figure;
import io.uplion.bench.report.Figure.Verdict;
import io.uplion.bench.report.Report;
import io.uplion.bench.report.Samples;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// P6: one request in flight, against one message in flight.
final class Latency {
    private static final int BODY_BYTES = 1024;
    private static final int WARM_UPS = 3;
    private static final double MOST_ADDED_MILLIS = 1.5;

    private final Through through;
    private final Scene scene;

    Latency(Through through, Scene scene) {
        this.through = through;
        this.scene = scene;
    }

    /// Medians of one round, in milliseconds.
    private record Round(double first, double last, double received, double receipt) {
        double firstOverRaw() {
            return first - received;
        }

        /// The end waits until the usage record is with the broker.
        double lastOverRaw() {
            return last - received - receipt;
        }
    }

    /// @param setting of the broker; empty where all are the platform's
    void run(String setting, Report report) throws Exception {
        String with = setting.isEmpty() ? "" : setting + ": ";
        for (int i = 0; i < WARM_UPS; i++) {
            round();
        }
        List<Round> measured = new ArrayList<>();
        for (int i = 0; i < scene.amount().rounds(); i++) {
            Round round = round();
            measured.add(round);
            scene.say(
                    Report.text(
                            "%sround %d: first byte %.2f ms, last %.2f ms; raw: received %.2f ms,"
                                    + " receipt %.2f ms",
                            with,
                            i + 1,
                            round.first(),
                            round.last(),
                            round.received(),
                            round.receipt()));
        }
        plain(report, with + "raw publish → receive, p50, ms", measured, Round::received);
        plain(report, with + "raw publish → receipt, p50, ms", measured, Round::receipt);
        plain(report, with + "request → first byte, p50, ms", measured, Round::first);
        plain(report, with + "request → last byte, p50, ms", measured, Round::last);
        if (setting.isEmpty()) {
            limited(report, "first byte − raw received, ms", measured, Round::firstOverRaw);
            limited(report, "last byte − raw received − receipt, ms", measured, Round::lastOverRaw);
        }
    }

    private static void plain(
            Report report, String what, List<Round> measured, ToDoubleFunction<Round> value) {
        report.add(Figure.plain(what, Report.spread(Samples.each(measured, value), "%.2f")));
    }

    private static void limited(
            Report report, String what, List<Round> measured, ToDoubleFunction<Round> value) {
        Samples samples = Samples.each(measured, value);
        report.add(
                new Figure(
                        "P6",
                        what,
                        "≤ 1.5",
                        Report.spread(samples, "%.2f"),
                        Verdict.of(samples.median() <= MOST_ADDED_MILLIS)));
    }

    private Round round() throws Exception {
        LoneMessages.Waits raw =
                new LoneMessages(through.broker().topic()).measure(scene.amount().requests());
        double[] first = new double[scene.amount().requests()];
        double[] last = new double[scene.amount().requests()];
        ask(through.gateway(), first, last);
        return new Round(
                Samples.of(first).median(),
                Samples.of(last).median(),
                raw.received().median(),
                raw.receipt().median());
    }

    private static void ask(Target target, double[] first, double[] last) throws IOException {
        byte[] request = target.request(target.body(true, BODY_BYTES));
        try (Exchange exchange = Exchange.connect(target.host(), target.port())) {
            for (int i = 0; i < first.length; i++) {
                Times times = exchange.ask(request);
                if (times.status() != 200) {
                    throw new IllegalStateException("the gateway answered " + times.status());
                }
                first[i] = times.firstNanos() / 1e6;
                last[i] = times.lastNanos() / 1e6;
            }
        }
    }
}
