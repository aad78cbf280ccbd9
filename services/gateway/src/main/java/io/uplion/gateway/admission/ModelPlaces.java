// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.admission;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// The places of one model's queue that were promised and not taken yet. Safe for all threads.
final class ModelPlaces {
    private final Map<String, Place> places = new LinkedHashMap<>();

    /// @param id no other place of any gateway has it
    /// @param owner who was promised it; nothing where another gateway did it
    /// @param request who may take it: [Asker#request]
    /// @param due from then on, by [System#nanoTime]
    /// @param until after this nobody may
    record Place(String id, Optional<UUID> owner, String request, long due, long until) {
        private boolean isOver(long now) {
            return now - until > 0;
        }

        private boolean isDue(long now) {
            return now - due >= 0;
        }

        private boolean isOwn() {
            return owner.isPresent();
        }
    }

    synchronized void add(Place place) {
        places.putIfAbsent(place.id(), place);
    }

    synchronized void drop(String id) {
        places.remove(id);
    }

    /// Takes the place that would be over first: so each of several like requests that all come in
    /// their times finds one.
    synchronized Optional<Place> take(long now, String request) {
        forgetOld(now);
        Optional<Place> first =
                places.values().stream()
                        .filter(place -> place.isDue(now) && place.request().equals(request))
                        .min(Comparator.comparingLong(place -> place.until() - now));
        first.ifPresent(place -> places.remove(place.id()));
        return first;
    }

    /// Those that may be taken now.
    synchronized int due(long now) {
        forgetOld(now);
        return (int) places.values().stream().filter(place -> place.isDue(now)).count();
    }

    /// Those that this gateway has promised.
    synchronized List<Place> own(long now) {
        forgetOld(now);
        return places.values().stream().filter(Place::isOwn).toList();
    }

    synchronized boolean isEmpty(long now) {
        forgetOld(now);
        return places.isEmpty();
    }

    private void forgetOld(long now) {
        places.values().removeIf(place -> place.isOver(now));
    }
}
