// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.openai;

import io.netty.channel.EventLoop;
import io.vertx.core.http.HttpClient;
import io.vertx.core.internal.ContextInternal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// An HTTP client for each event loop: a shared one hands a request to whichever loop has an idle
/// connection, and waking another thread for each request costs more than the connections do.
final class LoopClients implements AutoCloseable {
    private final Supplier<HttpClient> factory;
    private final Map<EventLoop, HttpClient> clients = new ConcurrentHashMap<>();

    LoopClients(Supplier<HttpClient> factory) {
        this.factory = factory;
    }

    /// The client of the event loop that the caller is on.
    HttpClient here() {
        EventLoop loop = ContextInternal.current().nettyEventLoop();
        HttpClient known = clients.get(loop);
        return known != null ? known : clients.computeIfAbsent(loop, _ -> factory.get());
    }

    @Override
    public void close() {
        clients.values().forEach(HttpClient::close);
    }
}
