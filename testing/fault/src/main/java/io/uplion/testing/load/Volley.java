// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.load;

import io.uplion.testing.load.End.Kind;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// The requests of one start. Those that are under way can be waited for, or told to leave.
public final class Volley {
    /// Between a failure and the next request of the same client.
    private static final long BREATHER_NANOS = Duration.ofMillis(20).toNanos();

    private final Supplier<Client> clients;
    private final Set<Client> open = ConcurrentHashMap.newKeySet();
    private final List<Observation> ended = new ArrayList<>();
    private final AtomicInteger threads = new AtomicInteger();
    private final AtomicInteger started = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger spoken = new AtomicInteger();
    private volatile boolean stopped;
    private volatile boolean left;

    /// @param factory makes the next client, which reports to the volley it is given
    Volley(Factory factory) {
        this.clients = () -> factory.client(started.getAndIncrement(), new Count());
    }

    interface Factory {
        Client client(int index, Client.Progress progress);
    }

    private final class Count implements Client.Progress {
        @Override
        public void answered() {
            answered.incrementAndGet();
        }

        @Override
        public void spoken() {
            spoken.incrementAndGet();
        }
    }

    Volley all(int count) {
        for (int i = 0; i < count; i++) {
            start(this::one);
        }
        return this;
    }

    Volley perSecond(double rate) {
        start(() -> tick(System.nanoTime(), (long) (1e9 / rate)));
        return this;
    }

    Volley always(int count) {
        for (int i = 0; i < count; i++) {
            start(this::again);
        }
        return this;
    }

    private void start(Runnable work) {
        threads.incrementAndGet();
        Thread.ofVirtual()
                .name("load")
                .start(
                        () -> {
                            try {
                                work.run();
                            } finally {
                                threads.decrementAndGet();
                            }
                        });
    }

    /// Requests are due by the clock, however long those before take.
    private void tick(long origin, long periodNanos) {
        for (long i = 0; !stopped; i++) {
            long early = origin + i * periodNanos - System.nanoTime();
            if (early > 0) {
                LockSupport.parkNanos(early);
            }
            start(this::one);
        }
    }

    private void again() {
        while (!stopped) {
            Observation last = one();
            if (!last.is(Kind.COMPLETED) && !last.is(Kind.CANCELLED_BY_CLIENT)) {
                LockSupport.parkNanos(BREATHER_NANOS);
            }
        }
    }

    private Observation one() {
        Client client = clients.get();
        open.add(client);
        if (left) {
            client.leave();
        }
        Observation seen = client.run();
        synchronized (ended) {
            ended.add(seen);
        }
        open.remove(client);
        return seen;
    }

    /// Requests that have been begun.
    public int started() {
        return started.get();
    }

    /// Requests whose answer's head has come.
    public int answered() {
        return answered.get();
    }

    /// Requests that have had their first event, or their whole answer.
    public int spoken() {
        return spoken.get();
    }

    /// Those that have ended, in the order in which they did.
    public List<Observation> observations() {
        synchronized (ended) {
            return List.copyOf(ended);
        }
    }

    public Volley awaitSpoken(int count, Duration limit) {
        Await.until(count + " answers have begun", limit, () -> spoken() >= count);
        return this;
    }

    /// Starts no further requests; those under way go on.
    public Volley stop() {
        stopped = true;
        return this;
    }

    /// Starts no further requests; the clients of those under way close their connections.
    public Volley leave() {
        stopped = true;
        left = true;
        open.forEach(Client::leave);
        return this;
    }

    /// Waits until every request has ended. One that goes on until it is stopped must be stopped
    /// first.
    public List<Observation> awaitEnd(Duration limit) {
        Await.until("all requests have ended", limit, () -> threads.get() == 0);
        return observations();
    }
}
