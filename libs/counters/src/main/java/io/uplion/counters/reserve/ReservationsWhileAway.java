// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/// Reservations that go on while the store that nodes share is away: then each node holds its share
/// by itself. Once the store is back the next renewal tells it of those tasks. But a budget cannot
/// be shared out: whoever has one is told that nobody knows.
public final class ReservationsWhileAway implements Reservations {
    private final Reservations shared;
    private final Reservations alone;

    /// Tasks that are held by this node alone.
    private final Set<UUID> here = ConcurrentHashMap.newKeySet();

    /// @param alone answers at once, and holds this node's share
    public ReservationsWhileAway(Reservations shared, Reservations alone) {
        this.shared = shared;
        this.alone = alone;
    }

    @Override
    public CompletionStage<Reserved> reserve(Ask ask) {
        return shared.reserve(ask)
                .thenCompose(
                        reserved ->
                                reserved instanceof Reserved.Unknown && ask.counters().isEmpty()
                                        ? reserveAlone(ask)
                                        : CompletableFuture.completedStage(reserved));
    }

    private CompletionStage<Reserved> reserveAlone(Ask ask) {
        return alone.reserve(ask)
                .thenApply(
                        reserved -> {
                            if (reserved instanceof Reserved.Held) {
                                here.add(ask.task());
                            }
                            return reserved;
                        });
    }

    /// A task that the shared store holds now too is counted in both until it ends: the next time
    /// the store is away this node must know what it runs.
    @Override
    public CompletionStage<Renewed> renew(List<Ask> running) {
        List<Ask> own = running.stream().filter(ask -> here.contains(ask.task())).toList();
        return alone.renew(own).thenCombine(shared.renew(running), (_, renewed) -> renewed);
    }

    @Override
    public CompletionStage<Noted> settle(Ask ask, Used used) {
        CompletionStage<Noted> everywhere = shared.settle(ask, used);
        return here.remove(ask.task())
                ? alone.settle(ask, used).thenCombine(everywhere, (_, settled) -> settled)
                : everywhere;
    }

    @Override
    public void close() {
        shared.close();
        alone.close();
    }
}
