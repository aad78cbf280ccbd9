// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.platform.management;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// `/metrics`, `/livez` and `/readyz`. It shares no thread with the work it watches.
public final class ManagementServer implements AutoCloseable {
    private static final String PLAIN = "text/plain; charset=utf-8";
    private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

    /// What the JDK's server reads once, before its first start in a process; in seconds and
    /// connections. Without them whoever sends half a request holds a connection for ever.
    private static final Map<String, String> BOUNDS =
            Map.of(
                    "sun.net.httpserver.maxReqTime", "10",
                    "sun.net.httpserver.maxRspTime", "30",
                    "sun.net.httpserver.idleInterval", "30",
                    "sun.net.httpserver.maxIdleConnections", "64",
                    "jdk.httpserver.maxConnections", "1000");

    private final HttpServer server;
    private final ExecutorService threads;

    private ManagementServer(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /// @param address port 0 for any
    public static ManagementServer start(
            InetSocketAddress address, PrometheusMeterRegistry registry, Readiness readiness)
            throws IOException {
        // What the operator has set himself stays.
        BOUNDS.forEach((name, value) -> System.getProperties().putIfAbsent(name, value));
        HttpServer server = HttpServer.create(address, 0);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(threads);
        server.createContext("/", call -> answer(call, 404, PLAIN, "not found\n"));
        server.createContext("/metrics", call -> answer(call, 200, METRICS, registry.scrape()));
        server.createContext("/livez", call -> answer(call, 200, PLAIN, "ok\n"));
        server.createContext("/readyz", call -> ready(call, readiness));
        server.start();
        return new ManagementServer(server, threads);
    }

    public int port() {
        return server.getAddress().getPort();
    }

    private static void ready(HttpExchange call, Readiness readiness) throws IOException {
        boolean ready = readiness.isReady();
        answer(call, ready ? 200 : 503, PLAIN, ready ? "ok\n" : "not ready\n");
    }

    private static void answer(HttpExchange call, int status, String type, String text)
            throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (call) {
            call.getResponseHeaders().set("Content-Type", type);
            call.sendResponseHeaders(status, bytes.length);
            call.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
