// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.admission;

import io.uplion.gateway.admission.ModelPlaces.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// The places that clients were promised when full queues refused them. A Retry-After alone is a
/// guess: the queue may empty more slowly than before, and others may come first. So the place is
/// kept for the request that comes back. See docs/decisions/0018.
///
/// Gateways tell each other of theirs, so that it does not matter which one is asked the second
/// time. Safe for all threads.
public final class PromisedPlaces {
    /// After its time: clients, networks and busy machines are late.
    static final Duration KEPT = Duration.ofSeconds(15);

    /// That this gateway has promised, of all models.
    static final int MOST = 1024;

    private final LongSupplier nanoTime;
    private final String gateway = UUID.randomUUID().toString().substring(0, 8);
    private final AtomicLong numbers = new AtomicLong();
    private final Map<String, ModelPlaces> models = new ConcurrentHashMap<>();
    private final Map<String, Taken> taken = new ConcurrentHashMap<>();

    /// A place that is taken, remembered until no other gateway can know it as free.
    ///
    /// @param here not at another gateway
    private record Taken(boolean here, long until) {}

    public PromisedPlaces(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// From then on, for [#KEPT], the same request may have a place. Nothing is kept where too much
    /// is already: an owner never has more than what is left for all others.
    void promise(String model, Asker asker, Duration wait) {
        long now = nanoTime.getAsLong();
        if (!mayPromise(asker.owner(), now)) {
            return;
        }
        long due = now + wait.toNanos();
        String id = gateway + "-" + numbers.incrementAndGet();
        add(
                model,
                new Place(
                        id,
                        Optional.of(asker.owner()),
                        asker.request(),
                        due,
                        due + KEPT.toNanos()));
    }

    private boolean mayPromise(UUID owner, long now) {
        List<Place> own = models.values().stream().flatMap(its -> its.own(now).stream()).toList();
        long its = own.stream().filter(place -> place.owner().equals(Optional.of(owner))).count();
        return its < MOST - own.size();
    }

    private void add(String model, Place place) {
        models.compute(
                model,
                (_, known) -> {
                    ModelPlaces places = known == null ? new ModelPlaces() : known;
                    places.add(place);
                    return places;
                });
    }

    /// @return whether the request was promised a place whose time has come; it has it now
    boolean take(String model, Asker asker) {
        ModelPlaces places = models.get(model);
        long now = nanoTime.getAsLong();
        Optional<Place> place =
                places == null ? Optional.empty() : places.take(now, asker.request());
        place.ifPresent(its -> taken.put(its.id(), new Taken(true, remember(now))));
        return place.isPresent();
    }

    private static long remember(long now) {
        return now + KEPT.multipliedBy(2).toNanos();
    }

    /// Places of the model whose time has come, and whose clients have not.
    int due(String model) {
        ModelPlaces places = models.get(model);
        return places == null ? 0 : places.due(nanoTime.getAsLong());
    }

    /// What other gateways have to know.
    ToldPlaces tell() {
        long now = nanoTime.getAsLong();
        forgetOld(now);
        List<ToldPlaces.Given> given = new ArrayList<>();
        models.forEach(
                (model, places) ->
                        places.own(now).forEach(place -> given.add(told(model, place, now))));
        List<String> here =
                taken.entrySet().stream()
                        .filter(entry -> entry.getValue().here())
                        .map(Map.Entry::getKey)
                        .toList();
        return new ToldPlaces(given, here);
    }

    private void forgetOld(long now) {
        taken.values().removeIf(its -> now - its.until() > 0);
        models.keySet()
                .forEach(
                        model ->
                                models.computeIfPresent(
                                        model, (_, its) -> its.isEmpty(now) ? null : its));
    }

    private static ToldPlaces.Given told(String model, Place place, long now) {
        long wait = Duration.ofNanos(place.due() - now).toMillis();
        return new ToldPlaces.Given(place.id(), model, place.request(), wait);
    }

    /// What another gateway has told.
    ///
    /// @param late how long ago that may have been
    void hear(ToldPlaces told, Duration late) {
        long now = nanoTime.getAsLong();
        for (String id : told.taken()) {
            taken.putIfAbsent(id, new Taken(false, remember(now)));
            models.values().forEach(places -> places.drop(id));
        }
        for (ToldPlaces.Given given : told.given()) {
            if (!taken.containsKey(given.id())) {
                add(given.model(), place(given, now, late));
            }
        }
    }

    /// Its client counts from when it was told, not from when this gateway heard of it.
    private static Place place(ToldPlaces.Given given, long now, Duration late) {
        long due = now + Duration.ofMillis(given.dueInMillis()).toNanos();
        return new Place(
                given.id(),
                Optional.empty(),
                given.request(),
                due - late.toNanos(),
                due + KEPT.toNanos());
    }
}
