// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.price;

import io.uplion.catalog.AIModel.Price;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What was decided of prices, beside what manifests say. Immutable.
///
/// @param models by what clients ask for, the oldest first
/// @param pools by the pool's name, the oldest first
public record PriceList(Map<String, List<Dated>> models, Map<String, List<Dated>> pools) {
    public static final PriceList NONE = new PriceList(Map.of(), Map.of());

    public PriceList {
        models = sorted(models);
        pools = sorted(pools);
    }

    /// Holds from then on, until the next one of the same model or pool does.
    public record Dated(Instant from, Price price) {}

    /// What a price is for.
    public enum Of {
        MODEL,
        POOL
    }

    /// One decision.
    public record Entry(Of of, String name, Dated dated) {}

    /// Of two for the same and the same time the last one counts.
    public static PriceList of(Collection<Entry> entries) {
        Map<String, List<Dated>> models = new HashMap<>();
        Map<String, List<Dated>> pools = new HashMap<>();
        for (Entry entry : entries) {
            Map<String, List<Dated>> prices =
                    switch (entry.of()) {
                        case MODEL -> models;
                        case POOL -> pools;
                    };
            prices.computeIfAbsent(entry.name(), _ -> new ArrayList<>()).add(entry.dated());
        }
        return new PriceList(models, pools);
    }

    private static Map<String, List<Dated>> sorted(Map<String, List<Dated>> prices) {
        Map<String, List<Dated>> sorted = new HashMap<>();
        prices.forEach(
                (name, dated) ->
                        sorted.put(
                                name,
                                dated.stream().sorted(Comparator.comparing(Dated::from)).toList()));
        return Map.copyOf(sorted);
    }

    /// What a pool of a model costs at a time. What was decided for the pool comes before what was
    /// decided for the model, and either before the manifest.
    public Price at(String model, String pool, Instant time, Price manifest) {
        return at(pools.get(pool), time).or(() -> at(models.get(model), time)).orElse(manifest);
    }

    private static Optional<Price> at(@Nullable List<Dated> prices, Instant time) {
        return prices == null
                ? Optional.empty()
                : prices.stream()
                        .filter(dated -> !dated.from().isAfter(time))
                        .reduce((_, later) -> later)
                        .map(Dated::price);
    }

    /// The same from then on, without what holds no longer.
    public PriceList since(Instant time) {
        return new PriceList(since(models, time), since(pools, time));
    }

    private static Map<String, List<Dated>> since(Map<String, List<Dated>> prices, Instant time) {
        Map<String, List<Dated>> left = new HashMap<>();
        prices.forEach(
                (name, dated) -> {
                    long past = dated.stream().filter(one -> !one.from().isAfter(time)).count();
                    left.put(name, dated.stream().skip(Math.max(0, past - 1)).toList());
                });
        return left;
    }
}
