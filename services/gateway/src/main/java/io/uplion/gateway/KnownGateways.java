// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway;

import io.uplion.catalog.shared.SharedCatalog;
import io.uplion.gateway.admission.Share;
import io.uplion.gateway.admission.SharedPlaces;
import io.uplion.gateway.statistics.ModelQueue;
import io.uplion.gateway.statistics.QueueStatistics;
import io.uplion.gateway.statistics.Turn;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// The other gateways, as what they tell each other shows them.
final class KnownGateways implements OtherGateways {
    private static final Duration BEHIND =
            Collections.max(List.of(QueueStatistics.BEHIND, SharedPlaces.LATE));

    private final SharedCatalog catalog;
    private final QueueStatistics statistics;

    KnownGateways(SharedCatalog catalog, QueueStatistics statistics) {
        this.catalog = catalog;
        this.statistics = statistics;
    }

    @Override
    public Share share(String model) {
        Turn turn = statistics.turn();
        double perSecond = statistics.of(model).map(ModelQueue::drainPerSecond).orElse(0.0);
        return new Share(perSecond, turn.gateways(), turn.place(), BEHIND);
    }

    @Override
    public int held(String model) {
        return statistics.of(model).map(ModelQueue::heldElsewhere).orElse(0);
    }

    @Override
    public Optional<Duration> lastStart(String model) {
        return catalog.lastStart(model);
    }
}
