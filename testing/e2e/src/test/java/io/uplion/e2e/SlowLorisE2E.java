// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.http.BodyEnd;
import io.uplion.testing.http.RawHttp;
import io.uplion.testing.platform.Platform;
import io.uplion.testing.wait.Await;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Many connections that are slow on purpose. One of each kind: [BadHttpE2E].
class SlowLorisE2E {
    private static final int CONNECTIONS = 200;
    private static final Duration PIECE = Duration.ofMillis(100);
    private static final int PIECES = 600;
    private static final Duration IN_TIME = Duration.ofSeconds(30);
    private static final Duration AT_ONCE = Duration.ofSeconds(10);
    private static Platform platform;
    private static Api api;

    @BeforeAll
    static void start() {
        platform =
                Platform.start(
                        Map.of(
                                "UPLION_GATEWAY_BODY_TIMEOUT", "5s",
                                "UPLION_GATEWAY_IDLE_TIMEOUT", "5s"));
        api = new Api(platform);
        platform.provider().script("fake", "tokens=2");
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    /// @param status 0 where the connection was closed without a word
    private record Ended(int status, BodyEnd end, Duration after) {}

    @Test
    void eachIsEndedInTimeAndOthersAreServedMeanwhile() throws InterruptedException {
        var begun = new AtomicInteger();
        var ended = new AtomicInteger();
        var crowd =
                Crowd.start(
                        CONNECTIONS,
                        i -> {
                            try (var http = api.connect().send(beginnings().get(i % 4))) {
                                begun.incrementAndGet();
                                return trickle(http);
                            } finally {
                                ended.incrementAndGet();
                            }
                        });
        Await.until("all are open", IN_TIME, () -> begun.get() == CONNECTIONS);
        assertThat(api.chat("fake", "").status()).isEqualTo(200);
        assertThat(ended).as("ended before others were served").hasValueLessThan(CONNECTIONS / 2);
        while (ended.get() < CONNECTIONS) {
            long asked = System.nanoTime();
            assertThat(api.chat("fake", "").status()).isEqualTo(200);
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(AT_ONCE);
        }
        assertThat(crowd.answers())
                .hasSize(CONNECTIONS)
                .allSatisfy(
                        one -> {
                            assertThat(one.status()).isIn(0, 408);
                            assertThat(one.end()).isNotEqualTo(BodyEnd.STALLED);
                            assertThat(one.after()).isLessThan(IN_TIME);
                        });
        assertThat(api.metric("uplion_gateway_errors_total"))
                .as("each is counted once, as what it is")
                .isEqualTo(CONNECTIONS)
                .isEqualTo(api.metric("uplion_gateway_errors_total", "code=\"request_timeout\""));
        Await.until("nothing is held", IN_TIME, () -> api.metric("uplion_gateway_body_bytes") == 0);
        assertThat(api.metric("uplion_gateway_requests_open")).isZero();
    }

    private static List<String> beginnings() {
        var body =
                "POST "
                        + Api.CHAT
                        + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
                        + platform.apiKey()
                        + "\r\ncontent-length: 10000\r\n\r\n{";
        return List.of("P", "GET /v1/models HTTP/1.1\r\nx-a: ", body, body);
    }

    private static Ended trickle(RawHttp http) {
        long start = System.nanoTime();
        sendUntilItIsClosed(http);
        var head = http.readHead();
        return new Ended(head.status(), http.end(), Duration.ofNanos(System.nanoTime() - start));
    }

    /// For longer than any of them may.
    private static void sendUntilItIsClosed(RawHttp http) {
        try {
            http.sendSlowly("a".repeat(PIECES), 1, PIECE);
        } catch (UncheckedIOException e) {
            // Closed while we sent; what was answered may still be there to be read.
        }
    }
}
