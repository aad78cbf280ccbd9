// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.live;

import io.uplion.catalog.AIModel;
import io.uplion.openai.Endpoint;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One model, with the pools that serve it.
///
/// @param since when it was first seen
public record ServedModel(String model, List<Pool> pools, Instant since) {
    public ServedModel {
        pools = List.copyOf(pools);
        if (pools.isEmpty()) {
            throw new IllegalArgumentException("a model without a pool");
        }
    }

    public record Pool(AIModel manifest, PoolStatus status) {}

    public boolean serves(Endpoint endpoint) {
        return pools.stream().anyMatch(pool -> pool.manifest().endpoints().contains(endpoint));
    }

    /// A group of any pool is enough; a pool without groups is for everyone.
    public boolean isOpenTo(Set<String> groups) {
        return pools.stream()
                .map(pool -> pool.manifest().access().groups())
                .anyMatch(wanted -> wanted.isEmpty() || intersects(wanted, groups));
    }

    private static boolean intersects(Collection<String> some, Set<String> others) {
        return some.stream().anyMatch(others::contains);
    }

    /// The largest of the pools' limits: one topic, one limit.
    public int queuedLimit() {
        return pools.stream()
                .mapToInt(pool -> pool.manifest().limits().queued())
                .max()
                .orElseThrow();
    }

    public Optional<Pool> pool(String name) {
        return pools.stream().filter(pool -> pool.manifest().name().equals(name)).findFirst();
    }

    /// When every pool that serves the endpoint rests or has failed: the one that comes back first,
    /// and why it is away.
    public Optional<PoolStatus> outage(Endpoint endpoint, Instant now) {
        PoolStatus first = null;
        for (Pool pool : pools) {
            if (!pool.manifest().endpoints().contains(endpoint)) {
                continue;
            }
            PoolStatus status = pool.status();
            if (status.worksAt(now)) {
                return Optional.empty();
            }
            if (first == null || status.comesBackBefore(first)) {
                first = status;
            }
        }
        return Optional.ofNullable(first);
    }
}
