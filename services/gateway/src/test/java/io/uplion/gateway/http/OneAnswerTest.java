// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.uplion.gateway.TestGateway;
import io.uplion.gateway.edge.Edge;
import io.uplion.openai.ErrorCode;
import io.uplion.testing.http.BodyEnd;
import io.uplion.testing.http.RawHttp;
import io.uplion.testing.wait.Await;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A request has one answer, and is counted once, whatever its client still sends.
class OneAnswerTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final Duration PIECE = Duration.ofMillis(50);
    private static final Duration SOON = Duration.ofSeconds(10);
    private final CompletableFuture<CompletableFuture<Edge.Decision>> asked =
            new CompletableFuture<>();
    private TestGateway gateway;

    @BeforeEach
    void start() {
        gateway =
                TestGateway.start(
                        Map.of("BODY_TIMEOUT", "2s", "IDLE_TIMEOUT", "300ms"), this::decide);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    /// Who has a key is known at once or not at all; who has none waits for the test.
    private CompletionStage<Edge.Decision> decide(Edge.Credentials credentials) {
        String key = credentials.authorization();
        if (key == null) {
            CompletableFuture<Edge.Decision> decision = new CompletableFuture<>();
            asked.complete(decision);
            return decision;
        }
        return CompletableFuture.completedFuture(
                key.equals("Bearer wrong") ? refusal() : new Edge.Admitted(TestGateway.PRINCIPAL));
    }

    private static Edge.Decision refusal() {
        return new Edge.Refused(ErrorCode.INVALID_API_KEY.error("No."));
    }

    private static String head(String path, String key, String more) {
        return "POST "
                + path
                + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
                + key
                + "\r\n"
                + more
                + "\r\n\r\n";
    }

    private double errors() {
        return gateway.meters().find("uplion.gateway.errors").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private void assertAnsweredOnce(String request, int status) {
        try (var client = gateway.connect().send(request)) {
            assertThat(client.readResponse().status()).isEqualTo(status);
            trickleUntilItIsClosed(client);
            assertNothingMoreIsSaid(client);
        }
        assertThat(errors()).isOne();
    }

    private static void trickleUntilItIsClosed(RawHttp client) {
        try {
            client.sendSlowly("a".repeat(200), 1, PIECE);
        } catch (UncheckedIOException e) {
            return;
        }
        throw new AssertionError("the connection was not closed");
    }

    private static void assertNothingMoreIsSaid(RawHttp client) {
        assertThat(client.readHead().status()).isZero();
        assertThat(client.end()).isNotEqualTo(BodyEnd.STALLED);
    }

    @Test
    void unknownKeyWhoseBodyTricklesIsAnsweredOnce() {
        assertAnsweredOnce(head(CHAT, "wrong", "content-length: 10000"), 401);
    }

    @Test
    void unknownPlaceWhoseBodyTricklesIsAnsweredOnce() {
        assertAnsweredOnce(head("/v1/nowhere", "right", "content-length: 10000"), 404);
    }

    @Test
    void bodyThatTricklesIsAnsweredOnce() {
        assertAnsweredOnce(head(CHAT, "right", "content-length: 10000"), 408);
    }

    @Test
    void headersThatTrickleAreAnsweredOnce() {
        assertAnsweredOnce("POST " + CHAT + " HTTP/1.1\r\nx: ", 408);
    }

    @Test
    void bytesBehindAMalformedRequestAreAnsweredOnce() {
        assertAnsweredOnce("nonsense\r\n\r\n", 400);
    }

    /// The bytes that came last were a body, not the beginning of a request.
    @Test
    void connectionIsClosedInSilenceAfterABodyThatCameByItself() {
        try (var client = gateway.connect()) {
            var body = TestGateway.chat(false);
            client.send(head(CHAT, "right", "content-length: " + body.length()));
            client.send(body.substring(0, 9));
            Await.until("the body has begun", SOON, () -> gateway.bodyBytes() > 0);
            client.send(body.substring(9));
            gateway.worker(gateway.queue().next(), "a").answer(200, "{}").end();
            assertThat(client.readResponse().status()).isEqualTo(200);
            assertNothingMoreIsSaid(client);
        }
        assertThat(errors()).isZero();
    }

    @Test
    void bodyThatBreaksBehindARefusalIsNoSecondError() {
        try (var client = gateway.connect()) {
            client.send(
                    "POST " + CHAT + " HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n");
            var decision = asked.join();
            Await.until("it is waited for", SOON, () -> decision.getNumberOfDependents() > 0);
            decision.complete(refusal());
            assertThat(client.readResponse().status()).isEqualTo(401);
            client.send("zz\r\nnonsense\r\n");
            assertNothingMoreIsSaid(client);
        }
        assertThat(errors()).isOne();
    }

    /// Else its kernel may throw the answer away before it is read.
    @Test
    void whoIsRefusedWhileItSendsCanSendOn() {
        try (var client = gateway.connect()) {
            client.send("GET /livez HTTP/1.1\r\nx: " + "y".repeat(40_000));
            assertThat(client.readHead().status()).isEqualTo(431);
            for (int i = 0; i < 40; i++) {
                client.send("y".repeat(100_000));
            }
            assertThat(client.readBody()).contains("headers_too_large");
        }
        assertThat(errors()).isOne();
    }
}
