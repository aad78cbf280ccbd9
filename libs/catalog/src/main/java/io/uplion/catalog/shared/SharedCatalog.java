// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.shared;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.live.Catalog;
import io.uplion.catalog.live.LiveCatalog;
import io.uplion.catalog.live.PoolStatus;
import io.uplion.catalog.live.ServedModel;
import io.uplion.counters.Rounds;
import io.uplion.counters.SharedState;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A gateway's side of the catalog: what the controller published, looked at each second.
///
/// While the store is away, empty, or the controller silent, everything stays as it was known last.
public final class SharedCatalog implements Catalog, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SharedCatalog.class);

    private final SharedState shared;
    private final LiveCatalog live;
    private final PoolStatuses statuses;

    /// What each pool was read from. Only the rounds' thread touches it.
    private final Map<String, String> texts = new HashMap<>();

    /// What the live catalog says of each pool.
    private final Map<String, PoolStatus> shown = new HashMap<>();

    private volatile Map<String, PoolState> states = Map.of();
    private volatile boolean filled;
    private volatile @Nullable Rounds rounds;

    SharedCatalog(SharedState shared, Clock clock, LongSupplier nanoTime) {
        this.shared = shared;
        this.live = new LiveCatalog(clock);
        this.statuses = new PoolStatuses(clock, nanoTime, this::poolChanged);
    }

    /// Looks once before it returns.
    public static SharedCatalog start(SharedState shared, Clock clock) {
        SharedCatalog catalog = new SharedCatalog(shared, clock, System::nanoTime);
        catalog.rounds = Rounds.start("catalog", Tables.EACH, catalog::round);
        return catalog;
    }

    @Override
    public @Nullable ServedModel find(String model) {
        return live.find(model);
    }

    @Override
    public Collection<ServedModel> models() {
        return live.models();
    }

    /// Whether a catalog was ever seen: until then, that a model is not here says nothing.
    public boolean isFilled() {
        return filled;
    }

    /// Where this gateway says what it hears of pools.
    public PoolStatuses statuses() {
        return statuses;
    }

    /// What the controller said of a pool last.
    public Optional<PoolState> state(String pool) {
        return Optional.ofNullable(states.get(pool));
    }

    /// How long the model's fastest pool took to start the last time.
    public Optional<Duration> lastStart(String model) {
        ServedModel served = find(model);
        List<ServedModel.Pool> pools = served == null ? List.of() : served.pools();
        return pools.stream()
                .flatMap(pool -> state(pool.manifest().name()).stream())
                .flatMap(state -> state.lastStart().stream())
                .min(Duration::compareTo);
    }

    void round() {
        statuses.tell(shared);
        Map<String, String> told = shared.all(Tables.CATALOG);
        Map<String, String> toldStates = shared.all(Tables.STATES);
        statuses.hear(shared.all(Tables.TROUBLES));
        readStates(toldStates);
        String list = told.get(Tables.LIST);
        if (list != null) {
            read(told, list.isEmpty() ? Set.of() : Set.of(list.split(" ")));
            filled = true;
        }
        texts.keySet().forEach(this::show);
    }

    private void readStates(Map<String, String> told) {
        Map<String, PoolState> now = new HashMap<>(states);
        now.keySet().retainAll(texts.keySet());
        told.forEach((pool, text) -> PoolWords.state(text).ifPresent(its -> now.put(pool, its)));
        states = Map.copyOf(now);
    }

    private void read(Map<String, String> told, Set<String> pools) {
        Set<String> gone =
                texts.keySet().stream()
                        .filter(it -> !pools.contains(it))
                        .collect(Collectors.toSet());
        gone.forEach(this::remove);
        for (String pool : pools) {
            String text = told.get(pool);
            if (text != null && !text.equals(texts.put(pool, text))) {
                Published.parse(text)
                        .ifPresentOrElse(published -> put(pool, published), () -> unreadable(pool));
            }
        }
    }

    private void put(String pool, Published published) {
        published
                .model(pool)
                .ifPresentOrElse(model -> put(model, published), () -> unreadable(pool));
    }

    private synchronized void put(AIModel model, Published published) {
        PoolStatus status = status(model.name());
        shown.put(model.name(), status);
        live.put(model, status);
        LOG.atInfo()
                .addKeyValue("pool", model.name())
                .addKeyValue("generation", published.generation())
                .log("the pool {} has a new manifest", model.name());
    }

    /// A controller of another version may say what this one does not know.
    private static void unreadable(String pool) {
        LOG.atWarn()
                .addKeyValue("pool", pool)
                .log("the manifest of the pool {} cannot be read; what was known stays", pool);
    }

    private synchronized void remove(String pool) {
        texts.remove(pool);
        shown.remove(pool);
        live.remove(pool);
        LOG.atInfo().addKeyValue("pool", pool).log("the pool {} is gone", pool);
    }

    private void poolChanged(String pool) {
        show(pool);
        Rounds running = rounds;
        if (running != null) {
            running.soon();
        }
    }

    private synchronized void show(String pool) {
        PoolStatus status = status(pool);
        if (shown.containsKey(pool) && !status.equals(shown.put(pool, status))) {
            live.status(pool, status);
        }
    }

    /// Where the controller could not start any worker, what gateways heard before is old.
    private PoolStatus status(String pool) {
        PoolStatus told = state(pool).map(PoolState::status).orElse(PoolStatus.PENDING);
        return told.state() == PoolStatus.State.FAILED ? told : statuses.trouble(pool).orElse(told);
    }

    @Override
    public void close() {
        Rounds running = rounds;
        if (running != null) {
            running.close();
        }
    }
}
