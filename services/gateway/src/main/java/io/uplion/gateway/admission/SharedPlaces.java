// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.admission;

import io.uplion.counters.Rounds;
import io.uplion.counters.SharedState;
import io.uplion.counters.SharedStateException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tells other gateways what this one has promised, and hears what they have: each second, on a
/// thread of its own.
///
/// What a gateway has told stays when it dies, until its last promise is over: its clients come to
/// the others.
public final class SharedPlaces implements AutoCloseable {
    static final String TABLE = "promised-places";

    private static final Duration EACH = Duration.ofSeconds(1);

    /// From a promise to when every gateway knows it: a round there, a round here, and some time
    /// for both. No client is told to come sooner.
    public static final Duration LATE = EACH.multipliedBy(3);

    private static final Duration STORED = DrainRates.LONGEST.plus(PromisedPlaces.KEPT);

    private final String gateway;
    private final SharedState shared;
    private final PromisedPlaces places;
    private Map<String, String> heard = Map.of();
    private ToldPlaces told = ToldPlaces.NONE;
    private @Nullable Rounds rounds;

    SharedPlaces(String gateway, SharedState shared, PromisedPlaces places) {
        this.gateway = gateway;
        this.shared = shared;
        this.places = places;
    }

    /// @param gateway a name that no other gateway has
    public static SharedPlaces start(String gateway, SharedState shared, PromisedPlaces places) {
        SharedPlaces exchange = new SharedPlaces(gateway, shared, places);
        exchange.rounds = Rounds.start("promised-places", EACH, exchange::round);
        return exchange;
    }

    void round() {
        tell();
        Map<String, String> all = new HashMap<>(shared.all(TABLE));
        all.remove(gateway);
        all.forEach(this::hear);
        heard = all;
    }

    /// Of a gateway with nothing to say the others hear nothing.
    private void tell() {
        ToldPlaces now = places.tell();
        if (!now.equals(ToldPlaces.NONE) || !told.equals(ToldPlaces.NONE)) {
            shared.put(TABLE, gateway, now.text(), STORED);
            told = now;
        }
    }

    /// The same text again is of a gateway that tells nothing any more: its times have passed.
    private void hear(String other, String text) {
        if (!text.equals(heard.get(other))) {
            ToldPlaces.parse(text).ifPresent(its -> places.hear(its, LATE));
        }
    }

    /// What was promised last is told, too.
    @Override
    public void close() {
        if (rounds != null) {
            rounds.close();
        }
        try {
            tell();
        } catch (SharedStateException _) {
            // What was told before stays.
        }
    }
}
