// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.manifest;

import io.uplion.catalog.AIModel.Scaling;
import java.time.Duration;

/// Reads `spec.scaling`.
final class ScalingBinder {
    private static final KnownFields SCALING =
            KnownFields.of("minReplicas", "maxReplicas", "backlogPerReplica", "cooldown");
    private static final IntRange MIN_REPLICAS = new IntRange(0, 10_000);
    private static final IntRange MAX_REPLICAS = new IntRange(1, 10_000);
    private static final IntRange BACKLOG = new IntRange(1, 1_000_000);
    private static final DurationRange COOLDOWN =
            new DurationRange(Duration.ZERO, Duration.ofHours(24));

    private ScalingBinder() {}

    static Scaling bind(Fields spec, int concurrency) {
        Scaling usual = Scaling.defaults(concurrency);
        Fields fields = spec.nested("scaling", SCALING);
        Scaling scaling =
                new Scaling(
                        fields.get("minReplicas", MIN_REPLICAS, usual.minReplicas()),
                        fields.get("maxReplicas", MAX_REPLICAS, usual.maxReplicas()),
                        fields.get("backlogPerReplica", BACKLOG, usual.backlogPerReplica()),
                        fields.get("cooldown", COOLDOWN, usual.cooldown()));
        if (scaling.minReplicas() > scaling.maxReplicas()) {
            fields.find("minReplicas").ifPresent(value -> value.refuse(crossed(scaling)));
        }
        return scaling;
    }

    private static String crossed(Scaling scaling) {
        return "found "
                + scaling.minReplicas()
                + "; expected at most maxReplicas, which is "
                + scaling.maxReplicas();
    }
}
