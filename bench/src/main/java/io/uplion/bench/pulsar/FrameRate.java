// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.pulsar;

import io.uplion.bench.load.StreamClient;
import io.uplion.bench.load.Target;
import io.uplion.bench.process.PlatformProcess;
import io.uplion.bench.pulsar.PulsarCommand.Scene;
import io.uplion.bench.pulsar.PulsarCommand.Through;
import io.uplion.bench.report.Figure;
import io.uplion.bench.report.Report;
import io.uplion.bench.report.Samples;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleConsumer;

/// Frames a second through one gateway and one worker in processes of their own.
final class FrameRate {
    private static final String MODEL = "frames";
    private static final String SCRIPT = MODEL + ";tokens=2000";
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int WARM_UPS = 2;

    private final Through through;
    private final Scene scene;
    private final int streams;

    FrameRate(Through through, Scene scene, int streams) {
        this.through = through;
        this.scene = scene;
        this.streams = streams;
    }

    void run(Report report) throws InterruptedException {
        Target gateway =
                through.platform()
                        .add(MODEL, scene.provider(), new PlatformProcess.Model(SCRIPT, streams))
                        .at(through.platform().endpoint("gateway-1"));
        gateway.awaitAnswer(PATIENCE);
        Target direct = scene.provider().target(SCRIPT);
        int rounds = scene.amount().rounds();
        double[] uplion = new double[rounds];
        double[] straight = new double[rounds];
        double[] ratio = new double[rounds];
        Map<String, double[]> micros = new LinkedHashMap<>();
        try (StreamClient client = new StreamClient(2 * streams)) {
            for (int i = 0; i < WARM_UPS; i++) {
                measure(client, gateway, _ -> {});
                measure(client, direct, _ -> {});
            }
            for (int i = 0; i < rounds; i++) {
                int round = i;
                Processors before = Processors.now(through.platform());
                uplion[i] =
                        measure(
                                client,
                                gateway,
                                frames -> before.since(frames, round, rounds, micros));
                straight[i] = measure(client, direct, _ -> {});
                ratio[i] = uplion[i] / straight[i];
                scene.say(
                        Report.text(
                                "round %d: uplion %.0f frames/s, direct %.0f frames/s",
                                i + 1, uplion[i], straight[i]));
            }
        }
        String load = ", " + streams + " streams";
        report.add(
                Figure.plain("uplion: frames/s" + load, Report.spread(Samples.of(uplion), "%.0f")));
        report.add(
                Figure.plain(
                        "direct: frames/s" + load, Report.spread(Samples.of(straight), "%.0f")));
        report.add(
                Figure.plain(
                        "frames/s, uplion / direct", Report.spread(Samples.of(ratio), "%.2f")));
        Processors.report(micros, "a frame", report);
    }

    /// @param atEnd is told the frames of the whole time, its first moments included
    private double measure(StreamClient client, Target target, DoubleConsumer atEnd)
            throws InterruptedException {
        StreamedFrames frames = new StreamedFrames(client, target, streams);
        Duration time = scene.amount().time();
        frames.begin();
        double first = frames.count(time.dividedBy(4));
        double counted = frames.count(time);
        atEnd.accept(first + counted);
        frames.end();
        return counted * 1000 / time.toMillis();
    }
}
