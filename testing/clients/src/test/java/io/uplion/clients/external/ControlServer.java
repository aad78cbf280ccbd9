// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.clients.external;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.uplion.clients.PlatformUnderTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/// Tells tests in other processes what the other side of the platform has seen: `GET /QUESTION/OF`,
/// answered in plain text.
final class ControlServer implements AutoCloseable {
    private final PlatformUnderTest platform;
    private final HttpServer server;

    private ControlServer(PlatformUnderTest platform, HttpServer server) {
        this.platform = platform;
        this.server = server;
    }

    static ControlServer start(PlatformUnderTest platform) throws IOException {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        var control = new ControlServer(platform, HttpServer.create(address, 0));
        control.server.createContext("/", control::answer);
        control.server.start();
        return control;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().getPath().split("/", 3);
            var words = new String[] {path[1], path.length > 2 ? path[2] : ""};
            try {
                send(exchange, 200, answer(words[0], words[1]));
            } catch (AssertionError | RuntimeException e) {
                send(exchange, 500, e.toString());
            }
        }
    }

    private String answer(String question, String of) {
        return switch (question) {
            case "served" -> Integer.toString(platform.served(of).size());
            case "last-body" -> platform.lastBody(of);
            case "answered" -> Long.toString(platform.answered(of));
            case "await-gone" -> {
                platform.awaitGone(of);
                yield "gone";
            }
            default -> throw new IllegalArgumentException("unknown question " + question);
        };
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        var body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
