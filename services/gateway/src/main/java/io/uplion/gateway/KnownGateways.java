// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway;

import io.uplion.catalog.shared.SharedCatalog;
import io.uplion.gateway.admission.Share;
import io.uplion.gateway.statistics.ModelQueue;
import io.uplion.gateway.statistics.QueueStatistics;
import io.uplion.gateway.statistics.Turn;
import java.time.Duration;
import java.util.Optional;

/// The other gateways, as what they tell each other shows them.
final class KnownGateways implements OtherGateways {
    private final SharedCatalog catalog;
    private final QueueStatistics statistics;

    KnownGateways(SharedCatalog catalog, QueueStatistics statistics) {
        this.catalog = catalog;
        this.statistics = statistics;
    }

    /// Nothing where nothing has left lately: then this gateway's own eyes must do.
    @Override
    public Optional<Share> share(String model) {
        Turn turn = statistics.turn();
        return statistics
                .of(model)
                .map(ModelQueue::drainPerSecond)
                .filter(perSecond -> perSecond > 0)
                .map(perSecond -> share(perSecond, turn));
    }

    private static Share share(double perSecond, Turn turn) {
        Duration behind = QueueStatistics.BEHIND;
        return new Share(perSecond, turn.gateways(), turn.place(), behind);
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
