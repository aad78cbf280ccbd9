// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.load;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// One way to the fake provider.
///
/// @param name as reports call it
/// @param apiKey empty where none is asked for
/// @param model what requests are to ask for on this way
public record Target(String name, String host, int port, String apiKey, String model) {
    public static final String PATH = "/v1/chat/completions";

    private static final int SMALL_BODY = 200;
    private static final long POLL_NANOS = 5_000_000;

    public String url() {
        return "http://" + host + ":" + port + PATH;
    }

    /// The same with another name in reports.
    public Target named(String other) {
        return new Target(other, host, port, apiKey, model);
    }

    /// The same by another way.
    public Target at(URI address) {
        return new Target(name, address.getHost(), address.getPort(), apiKey, model);
    }

    /// Asks until there is a whole answer.
    public void awaitAnswer(Duration limit) {
        byte[] request = request(body(false, SMALL_BODY));
        long start = System.nanoTime();
        while (System.nanoTime() - start < limit.toNanos()) {
            try (Exchange exchange = Exchange.connect(host, port)) {
                if (exchange.ask(request).status() == 200) {
                    return;
                }
            } catch (IOException e) {
                // Nobody listens yet.
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        throw new IllegalStateException("no answer within " + limit.toSeconds() + " s");
    }

    /// A chat request of a certain size.
    ///
    /// @param bytes of the whole body; what the frame needs at least
    public String body(boolean stream, int bytes) {
        String start = "{\"model\":\"" + model + "\",\"stream\":" + stream + ",\"messages\":[";
        String open = "{\"role\":\"user\",\"content\":\"";
        String close = "\"}]}";
        int text = Math.max(1, bytes - start.length() - open.length() - close.length());
        return start + open + "word ".repeat(text / 5) + "x".repeat(text % 5) + close;
    }

    /// The bytes of a whole request on a connection that stays open.
    public byte[] request(String body) {
        String key = apiKey.isEmpty() ? "" : "authorization: Bearer " + apiKey + "\r\n";
        String head =
                "POST "
                        + PATH
                        + " HTTP/1.1\r\nhost: "
                        + host
                        + "\r\ncontent-type: application/json\r\n"
                        + key
                        + "content-length: "
                        + body.length()
                        + "\r\n\r\n";
        return (head + body).getBytes(StandardCharsets.US_ASCII);
    }
}
