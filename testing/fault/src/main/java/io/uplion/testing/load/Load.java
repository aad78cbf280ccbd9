// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/// Many clients at once against one or several servers, in turn. Each request carries a marker of
/// its own, and for each there is an [Observation] at its end: exactly what its client saw.
///
/// A client is a virtual thread with a blocking socket, so thousands are cheap.
public final class Load implements AutoCloseable {
    private static final int CONNECTING = 64;
    private static final Duration LEAVING = Duration.ofSeconds(20);

    private final List<String> baseUrls;
    private final ScheduledThreadPoolExecutor clock;
    private final Backstage backstage;
    private final String run = Integer.toHexString(ThreadLocalRandom.current().nextInt());
    private final AtomicInteger numbers = new AtomicInteger();
    private final List<Volley> volleys = new CopyOnWriteArrayList<>();

    private Load(Map<String, String> headers, List<String> baseUrls) {
        this.baseUrls = List.copyOf(baseUrls);
        if (this.baseUrls.isEmpty()) {
            throw new IllegalArgumentException("No server");
        }
        this.clock = new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().factory());
        clock.setRemoveOnCancelPolicy(true);
        this.backstage = new Backstage(clock, new Semaphore(CONNECTING), Map.copyOf(headers));
    }

    /// @param baseUrls without `/v1`
    public static Load on(String... baseUrls) {
        return new Load(Map.of(), List.of(baseUrls));
    }

    /// @param baseUrls without `/v1`
    public static Load on(String apiKey, List<String> baseUrls) {
        return new Load(Map.of("authorization", "Bearer " + apiKey), baseUrls);
    }

    /// So many requests, all at once.
    ///
    /// @param asks what the request with this index asks for
    public Volley start(int count, IntFunction<Ask> asks) {
        return volley(asks).all(count);
    }

    /// So many requests a second, until the volley is stopped.
    public Volley perSecond(double rate, IntFunction<Ask> asks) {
        return volley(asks).perSecond(rate);
    }

    /// So many clients that each ask again when they have an answer, until the volley is stopped.
    public Volley always(int clients, IntFunction<Ask> asks) {
        return volley(asks).always(clients);
    }

    private Volley volley(IntFunction<Ask> asks) {
        Volley volley = new Volley((index, progress) -> client(asks.apply(index), progress));
        volleys.add(volley);
        return volley;
    }

    private Client client(Ask ask, Client.Progress progress) {
        int number = numbers.getAndIncrement();
        String marker = "m-" + run + "-" + number;
        String baseUrl = baseUrls.get(number % baseUrls.size());
        return new Client(ask, marker, baseUrl, backstage, progress);
    }

    /// The requests of all volleys that have ended.
    public List<Observation> observations() {
        List<Observation> all = new ArrayList<>();
        volleys.forEach(volley -> all.addAll(volley.observations()));
        return all;
    }

    /// All clients leave.
    @Override
    public void close() {
        volleys.forEach(Volley::leave);
        volleys.forEach(volley -> volley.awaitEnd(LEAVING));
        clock.shutdownNow();
    }
}
