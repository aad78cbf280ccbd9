// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.floors;

import io.uplion.counters.SharedStateException;
import io.uplion.platform.identity.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;

/// The floors of a platform that is one process.
public final class InProcessFloors implements Floors {
    private final LongSupplier nanoTime;
    private final String incarnation = UUID.randomUUID().toString();

    /// In the order in which they were raised.
    private final Map<Subject, Raised> floors = new LinkedHashMap<>();

    private final Map<String, Held> values = new HashMap<>();
    private long number;
    private long vouchedUntil;
    private boolean vouched;
    private boolean closed;

    private record Raised(Floor floor, long number, long until) {}

    private record Held(Kept value, long until) {}

    /// @param nanoTime the store's clock
    public InProcessFloors(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    @Override
    public synchronized String incarnation() {
        now();
        return incarnation;
    }

    @Override
    public synchronized void raise(Collection<Floor> raised) {
        long now = now();
        floors.values().removeIf(known -> known.until() - now <= 0);
        for (Floor floor : raised) {
            Raised known = floors.get(floor.subject());
            if (known == null || known.floor().version() < floor.version()) {
                floors.remove(floor.subject());
                number++;
                floors.put(floor.subject(), new Raised(floor, number, now + LIFE.toNanos()));
            }
        }
    }

    @Override
    public synchronized void vouch(String filled, Duration life) {
        vouchedUntil = now() + life.toNanos();
        vouched = filled.equals(incarnation);
    }

    @Override
    public synchronized Reading read(Reading.Mark since) {
        long now = now();
        long from = since.incarnation().equals(incarnation) ? since.number() : 0;
        List<Floor> news = new ArrayList<>();
        for (Raised raised : floors.values()) {
            if (raised.number() > from && raised.until() - now > 0) {
                news.add(raised.floor());
            }
        }
        return new Reading(
                new Reading.Mark(incarnation, number), news, vouched && vouchedUntil - now > 0);
    }

    @Override
    public synchronized void keep(Collection<Kept> kept) {
        long now = now();
        values.values().removeIf(held -> held.until() - now <= 0);
        for (Kept value : kept) {
            Held held = values.get(value.name());
            if (held == null || !isNewer(held.value(), value)) {
                values.put(value.name(), new Held(value, now + KEPT.toNanos()));
            }
        }
    }

    private static boolean isNewer(Kept one, Kept other) {
        return one.rank() > other.rank()
                || (one.rank() == other.rank() && one.asOfMillis() > other.asOfMillis());
    }

    @Override
    public synchronized Map<String, String> kept(Set<String> names) {
        long now = now();
        Map<String, String> found = new HashMap<>();
        for (String name : names) {
            Held held = values.get(name);
            if (held != null && held.until() - now > 0) {
                found.put(name, held.value().text());
            }
        }
        return found;
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    private long now() {
        if (closed) {
            throw new SharedStateException("the floors are closed");
        }
        return nanoTime.getAsLong();
    }
}
