// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.shared;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.manifest.ManifestWriter;
import io.uplion.counters.Rounds;
import io.uplion.counters.SharedState;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The controller's side of the catalog: tells gateways which pools there are, and how they are.
///
/// All of it is told again each second, so that a store that comes back empty is soon filled.
/// Nothing is told before the controller has said what it wants, and nothing is taken back when it
/// stops: a controller that restarts must not make models vanish.
public final class CatalogPublisher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CatalogPublisher.class);

    private final SharedState shared;
    private final Map<String, PoolState> states = new ConcurrentHashMap<>();
    private volatile @Nullable Map<String, Wanted> wanted;
    private @Nullable Rounds rounds;

    /// @param manifest the model as it is told
    private record Wanted(AIModel model, String manifest) {}

    CatalogPublisher(SharedState shared) {
        this.shared = shared;
    }

    public static CatalogPublisher start(SharedState shared) {
        CatalogPublisher publisher = new CatalogPublisher(shared);
        publisher.rounds = Rounds.start("catalog-publisher", Tables.EACH, publisher::round);
        return publisher;
    }

    /// From now on these pools exist, and no others.
    public void publish(Collection<AIModel> models) {
        Map<String, Wanted> known = Optional.ofNullable(wanted).orElse(Map.of());
        Map<String, Wanted> now = new TreeMap<>();
        for (AIModel model : models) {
            Wanted before = known.get(model.name());
            if (before != null && before.model().equals(model)) {
                now.put(model.name(), before);
            } else {
                written(model).ifPresent(text -> now.put(model.name(), new Wanted(model, text)));
            }
        }
        wanted = now;
        states.keySet().retainAll(now.keySet());
        soon();
    }

    /// A model that was not read from a manifest may be one that no manifest can say.
    private static Optional<String> written(AIModel model) {
        String text = ManifestWriter.write(model);
        if (new Published(1, text).model(model.name()).filter(model::equals).isPresent()) {
            return Optional.of(text);
        }
        LOG.atError()
                .addKeyValue("pool", model.name())
                .log("the pool {} has a name or a value that no manifest can hold", model.name());
        return Optional.empty();
    }

    /// How a published pool is now; remembered, and told again, until the pool is gone.
    public void report(String pool, PoolState state) {
        if (!state.equals(states.put(pool, state))) {
            soon();
        }
    }

    private void soon() {
        if (rounds != null) {
            rounds.soon();
        }
    }

    void round() {
        Map<String, Wanted> now = wanted;
        if (now == null) {
            return;
        }
        Map<String, String> stored = shared.all(Tables.CATALOG);
        Map<String, String> told = new TreeMap<>();
        now.forEach((pool, its) -> told.put(pool, told(stored.get(pool), its.manifest())));
        told.put(Tables.LIST, String.join(" ", now.keySet()));
        shared.putAll(Tables.CATALOG, told, Tables.KEPT);
        forget(Tables.CATALOG, stored.keySet(), told.keySet());
        heal(stored, told);
        tellStates(now.keySet());
    }

    private static String told(@Nullable String stored, String manifest) {
        Optional<Published> before = Optional.ofNullable(stored).flatMap(Published::parse);
        return Published.after(before, manifest).text();
    }

    private void forget(String table, Set<String> stored, Set<String> kept) {
        stored.stream()
                .filter(field -> !kept.contains(field))
                .forEach(field -> shared.remove(table, field));
    }

    /// The trouble was that of another manifest.
    private void heal(Map<String, String> stored, Map<String, String> told) {
        stored.entrySet().stream()
                .filter(field -> !field.getKey().equals(Tables.LIST))
                .filter(field -> !field.getValue().equals(told.get(field.getKey())))
                .forEach(field -> shared.remove(Tables.TROUBLES, field.getKey()));
    }

    /// A controller that has just begun knows of no states; those of the last one stand until then.
    private void tellStates(Set<String> pools) {
        Map<String, String> told = new TreeMap<>();
        states.forEach((pool, state) -> told.put(pool, PoolWords.of(state)));
        told.keySet().retainAll(pools);
        shared.putAll(Tables.STATES, told, Tables.KEPT);
        forget(Tables.STATES, shared.all(Tables.STATES).keySet(), pools);
    }

    @Override
    public void close() {
        if (rounds != null) {
            rounds.close();
        }
    }
}
