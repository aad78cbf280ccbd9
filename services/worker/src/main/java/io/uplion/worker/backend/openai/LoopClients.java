// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.openai;

import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// A client, and with it a pool of connections, for each event loop.
///
/// One pool for all would lend a loop the connections of another: then every message of an answer
/// is handed from thread to thread, and each time the other one has to be woken by the kernel.
final class LoopClients {
    private final List<HttpClient> clients;
    private final Map<Thread, HttpClient> byLoop = new ConcurrentHashMap<>();
    private final AtomicInteger next = new AtomicInteger();

    /// The clients are made now, on the caller's thread: one that is made on an event loop would be
    /// closed with whatever is deployed there.
    LoopClients(Supplier<HttpClient> make) {
        this.clients =
                Stream.generate(make).limit(VertxOptions.DEFAULT_EVENT_LOOP_POOL_SIZE).toList();
    }

    /// The caller runs on an event loop.
    HttpClient ofThisLoop() {
        return byLoop.computeIfAbsent(
                Thread.currentThread(), _ -> clients.get(next.getAndIncrement() % clients.size()));
    }

    void close() {
        clients.forEach(HttpClient::close);
    }
}
