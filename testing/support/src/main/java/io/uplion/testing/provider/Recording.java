// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// What was served, the newest 20 000. Counts always; keeps requests only where asked to.
final class Recording {
    private static final int KEPT = 20_000;

    private final boolean keeping;
    private final AtomicLong serials = new AtomicLong();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final LongAdder received = new LongAdder();
    private final LongAdder completed = new LongAdder();
    private final LongAdder clientGone = new LongAdder();
    private final LongAdder failedOnPurpose = new LongAdder();
    private final LongAdder tokens = new LongAdder();
    private final Map<Long, Served> kept = new LinkedHashMap<>();
    private long dropped;
    private final Map<Long, Underway> underway = new ConcurrentHashMap<>();

    Recording(boolean keeping) {
        this.keeping = keeping;
    }

    boolean keeping() {
        return keeping;
    }

    /// Counts a request in and numbers it.
    long begin() {
        received.increment();
        inFlight.incrementAndGet();
        return serials.incrementAndGet();
    }

    /// Notes what a request asked for.
    void underway(Underway request) {
        if (keeping) {
            underway.put(request.serial(), request);
        }
    }

    /// Called when the request is kept: it is in one list or, for a moment, in both.
    void over(long serial) {
        underway.remove(serial);
    }

    /// Those that are being answered, oldest first.
    List<Underway> underway() {
        return underway.values().stream()
                .sorted(Comparator.comparingLong(Underway::serial))
                .toList();
    }

    /// Counts a request out; the answer's last byte may still be on its way.
    void end(Ending ending, int tokensSent) {
        counter(ending).increment();
        tokens.add(tokensSent);
        inFlight.decrementAndGet();
    }

    /// A request counted as completed whose last bytes could not be written after all.
    void correctToGone() {
        completed.decrement();
        clientGone.increment();
    }

    void keep(Served served) {
        synchronized (kept) {
            kept.put(served.serial(), served);
            if (kept.size() > KEPT) {
                kept.remove(kept.keySet().iterator().next());
                dropped++;
            }
        }
    }

    List<Served> served() {
        synchronized (kept) {
            return new ArrayList<>(kept.values());
        }
    }

    /// How many have ended that are not kept any more.
    long dropped() {
        synchronized (kept) {
            return dropped;
        }
    }

    int inFlight() {
        return inFlight.get();
    }

    Counters counters() {
        return new Counters(
                received.sum(),
                completed.sum(),
                clientGone.sum(),
                failedOnPurpose.sum(),
                tokens.sum());
    }

    void forget() {
        received.reset();
        completed.reset();
        clientGone.reset();
        failedOnPurpose.reset();
        tokens.reset();
        synchronized (kept) {
            kept.clear();
            dropped = 0;
        }
    }

    private LongAdder counter(Ending ending) {
        return switch (ending) {
            case COMPLETED -> completed;
            case CLIENT_GONE -> clientGone;
            case FAILED_ON_PURPOSE -> failedOnPurpose;
        };
    }
}
