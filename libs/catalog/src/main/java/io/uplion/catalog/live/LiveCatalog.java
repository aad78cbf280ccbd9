// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.live;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.live.ServedModel.Pool;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The catalog of one process: a snapshot that is replaced whole when something changes.
public final class LiveCatalog implements Catalog {
    private final Clock clock;
    private final TroubleLog log;
    private final Map<String, Pool> pools = new LinkedHashMap<>();
    private volatile Map<String, ServedModel> snapshot = Map.of();

    public LiveCatalog(Clock clock) {
        this.clock = clock;
        this.log = new TroubleLog(clock);
    }

    @Override
    public @Nullable ServedModel find(String model) {
        return snapshot.get(model);
    }

    @Override
    public Collection<ServedModel> models() {
        return snapshot.values();
    }

    /// Adds a pool, or gives it a new manifest.
    public synchronized void put(AIModel manifest, PoolStatus status) {
        pools.put(manifest.name(), new Pool(manifest, status));
        renew();
        log.changed(manifest, status);
    }

    public synchronized void remove(String pool) {
        pools.remove(pool);
        log.forget(pool);
        renew();
    }

    /// Does nothing for a pool that is gone: its worker may still be draining.
    public synchronized void status(String pool, PoolStatus status) {
        Pool known = pools.get(pool);
        if (known == null) {
            return;
        }
        pools.put(pool, new Pool(known.manifest(), status));
        renew();
        log.changed(known.manifest(), status);
    }

    private void renew() {
        Map<String, List<Pool>> byModel = new TreeMap<>();
        for (Pool pool : pools.values()) {
            byModel.computeIfAbsent(pool.manifest().model(), _ -> new ArrayList<>()).add(pool);
        }
        Map<String, ServedModel> models = new LinkedHashMap<>();
        byModel.forEach(
                (model, its) -> models.put(model, new ServedModel(model, its, since(model))));
        snapshot = models;
    }

    private Instant since(String model) {
        ServedModel known = snapshot.get(model);
        return known == null ? clock.instant() : known.since();
    }
}
