// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.proxy;

import static io.uplion.standalone.distributed.proxy.ProxyFixture.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.http.BodyEnd;
import io.uplion.testing.http.RawHttp;
import io.uplion.testing.http.SseClient;
import io.uplion.testing.wait.Await;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What happens when one side leaves, breaks, or takes nothing.
class ReverseProxyFaultsIT {
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    private final ProxyFixture proxy = new ProxyFixture();
    private final LinkedBlockingQueue<HttpServerRequest> requests = new LinkedBlockingQueue<>();
    private final CompletableFuture<Long> left = new CompletableFuture<>();

    @AfterEach
    void close() {
        proxy.close();
    }

    /// A gateway that takes note of a client that leaves.
    private void start(Handler<HttpServerRequest> handler) {
        proxy.start(
                FakeGateway.start(
                        proxy.vertx(),
                        request -> {
                            request.response().closeHandler(_ -> left.complete(System.nanoTime()));
                            request.exceptionHandler(_ -> left.complete(System.nanoTime()));
                            handler.handle(request);
                            requests.add(request);
                        }));
    }

    private HttpServerRequest arrived() throws InterruptedException {
        return requests.poll(10, TimeUnit.SECONDS);
    }

    private void assertToldAtOnce(long since) throws Exception {
        var told = Duration.ofNanos(left.get(10, TimeUnit.SECONDS) - since);
        assertThat(told).isLessThan(AT_ONCE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientThatLeavesBeforeTheAnswerTakesItsRequestAlong(boolean byReset) throws Exception {
        start(_ -> {});
        var client = RawHttp.connect(proxy.url()).post("/v1/chat/completions", "{}");
        arrived();

        var since = System.nanoTime();
        if (byReset) {
            client.reset();
        } else {
            client.close();
        }

        assertToldAtOnce(since);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientThatLeavesInTheMiddleOfAStreamTakesItsRequestAlong(boolean byReset)
            throws Exception {
        start(request -> request.response().setChunked(true).write("data: 1\n\n"));
        var client = SseClient.post(proxy.url() + "/v1/chat/completions", "{}");
        assertThat(client.next()).isPresent();

        var since = System.nanoTime();
        if (byReset) {
            client.reset();
        } else {
            client.close();
        }

        assertToldAtOnce(since);
    }

    @Test
    void aClientThatLeavesInTheMiddleOfItsBodyTakesItsRequestAlong() throws Exception {
        start(request -> request.handler(_ -> {}));
        var client =
                RawHttp.connect(proxy.url())
                        .send("POST /v1/a HTTP/1.1\r\nhost: a\r\ncontent-length: 1000\r\n\r\nhalf");
        arrived();

        var since = System.nanoTime();
        client.close();

        assertToldAtOnce(since);
    }

    @Test
    void aClientThatLeavesAStreamThatItDoesNotReadTakesItsRequestAlong() throws Exception {
        var sent = new AtomicLong();
        start(request -> flood(request.response().setChunked(true), sent, Long.MAX_VALUE));
        var client = RawHttp.connect(proxy.url()).post("/v1/a", "{}");
        client.readHead();
        awaitStandstill(sent);

        var since = System.nanoTime();
        client.reset();

        assertToldAtOnce(since);
    }

    @Test
    void aGatewayThatBreaksOffInChunksNeverLooksLikeAnEnd() throws Exception {
        start(request -> request.response().setChunked(true).write("data: 1\n\n"));
        try (var client = SseClient.post(proxy.url() + "/v1/chat/completions", "{}")) {
            assertThat(client.next()).isPresent();
            arrived().connection().close();
            assertThat(client.next()).isEmpty();
            assertThat(client.end()).isIn(BodyEnd.TRUNCATED, BodyEnd.RESET);
        }
    }

    @Test
    void whatTheGatewaySaidBeforeItBrokeOffArrives() throws Exception {
        start(_ -> {});
        try (var http = RawHttp.connect(proxy.url())) {
            http.post("/v1/chat/completions", "{}");
            var response = arrived().response().setChunked(true);
            response.write("event: error\ndata: {}\n\n").onComplete(_ -> response.reset());
            assertThat(http.readHead().status()).isEqualTo(200);
            assertThat(http.readBody()).isEqualTo("event: error\ndata: {}\n\n");
            assertThat(http.end()).isIn(BodyEnd.TRUNCATED, BodyEnd.RESET);
        }
    }

    @Test
    void aGatewayThatBreaksOffBeforeTheAnnouncedLengthNeverLooksLikeAnEnd() throws Exception {
        start(request -> request.response().putHeader("content-length", "100").write("half"));
        try (var http = RawHttp.connect(proxy.url())) {
            http.post("/v1/embeddings", "{}").readHead();
            assertThat(http.readByte()).isEqualTo('h');
            arrived().connection().close();
            http.readBody();
            assertThat(http.end()).isIn(BodyEnd.TRUNCATED, BodyEnd.RESET);
        }
    }

    @Test
    void anOldClientThatKnowsNoChunksSeesABreakAsAResetOnly() throws Exception {
        start(request -> request.response().setChunked(true).write("data: 1\n\n"));
        try (var http = RawHttp.connect(proxy.url())) {
            http.send("POST /v1/a HTTP/1.0\r\ncontent-length: 2\r\n\r\n{}");
            assertThat(http.readHead().status()).isEqualTo(200);
            assertThat(http.readByte()).isEqualTo('d');
            arrived().connection().close();
            assertThat(http.readBody()).isEqualTo("ata: 1\n\n");
            assertThat(http.end()).isEqualTo(BodyEnd.RESET);
        }
    }

    @Test
    void aGatewayThatIsLostBeforeItAnsweredIsAnErrorInWords() throws Exception {
        start(_ -> {});
        try (var http = RawHttp.connect(proxy.url())) {
            http.post("/v1/chat/completions", "{}");
            arrived().connection().close();
            var answer = http.readResponse();
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.body()).contains("\"gateway_lost\"");
            assertThat(answer.header("x-request-id")).startsWith("req_");
            assertThat(http.get("/livez").readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void aClientThatReadsSlowlyHoldsTheGatewayBackAndLosesNothing() throws Exception {
        var sent = new AtomicLong();
        var all = 64L << 20;
        start(
                request -> {
                    request.response().putHeader("content-length", Long.toString(all));
                    flood(request.response(), sent, all);
                });
        try (var http = RawHttp.connect(proxy.url()).post("/v1/a", "{}")) {
            http.readHead();
            awaitStandstill(sent);
            assertThat(sent.get()).isLessThan(all / 2);

            assertThat(http.readBody()).hasSize((int) all);
            assertThat(http.end()).isEqualTo(BodyEnd.COMPLETE);
        }
    }

    @Test
    void aClientThatTakesNothingIsCutOff() throws Exception {
        var sent = new AtomicLong();
        proxy.start(
                Duration.ofSeconds(60),
                Duration.ofSeconds(2),
                FakeGateway.start(
                        proxy.vertx(),
                        request -> {
                            request.response().closeHandler(_ -> left.complete(System.nanoTime()));
                            flood(request.response().setChunked(true), sent, Long.MAX_VALUE);
                        }));
        try (var http = RawHttp.connect(proxy.url()).post("/v1/a", "{}")) {
            left.get(20, TimeUnit.SECONDS);
            http.readHead();
            http.readBody();
            assertThat(http.end()).isIn(BodyEnd.TRUNCATED, BodyEnd.RESET);
        }
    }

    /// Sends as fast as it is taken.
    private static void flood(HttpServerResponse response, AtomicLong sent, long all) {
        var piece = Buffer.buffer("x".repeat(64 << 10));
        while (!response.writeQueueFull() && sent.get() < all && !response.closed()) {
            response.write(piece);
            sent.addAndGet(piece.length());
        }
        if (sent.get() >= all) {
            response.end();
        } else {
            response.drainHandler(_ -> flood(response, sent, all));
        }
    }

    /// Until nothing was sent for half a second.
    private static void awaitStandstill(AtomicLong sent) {
        var seen = new AtomicLong(-1);
        var since = new AtomicLong();
        Await.until(
                "the gateway is held back",
                LIMIT,
                () -> {
                    if (sent.get() != seen.get()) {
                        seen.set(sent.get());
                        since.set(System.nanoTime());
                    }
                    return sent.get() > 0 && System.nanoTime() - since.get() > 500_000_000L;
                });
    }

    @Test
    void anAnswerBeforeTheEndOfTheBodyGetsThroughAndEndsTheConnection() throws Exception {
        start(
                request ->
                        request.response()
                                .setStatusCode(401)
                                .putHeader("connection", "close")
                                .end("{\"error\":{}}"));
        try (var http = RawHttp.connect(proxy.url())) {
            http.send("POST /v1/a HTTP/1.1\r\nhost: a\r\ncontent-length: 1000\r\n\r\nhalf");
            var answer = http.readResponse();
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.header("connection")).isEqualTo("close");
            assertThat(http.readByte()).isEqualTo(-1);
        }
    }

    @Test
    void headersThatTrickleInAreNotWaitedFor() {
        proxy.start(
                Duration.ofSeconds(2),
                LIMIT,
                FakeGateway.start(proxy.vertx(), request -> request.response().end()));
        try (var http = RawHttp.connect(proxy.url())) {
            http.send("GET /v1/models HTTP/1.1\r\nx-a");
            var answer = http.readResponse();
            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.body()).contains("\"request_timeout\"");
        }
        try (var http = RawHttp.connect(proxy.url())) {
            assertThat(http.get("/v1/models").readResponse().status()).isEqualTo(200);
            assertThat(http.readByte()).isEqualTo(-1);
        }
    }

    @Test
    void whatIsNoHttpIsRefusedInWords() {
        start(request -> request.response().end());
        assertRefused("GET /v1/a HTTP/1.1\r\nx: " + "y".repeat(40 << 10) + "\r\n\r\n", 431);
        assertRefused("GET /v1/" + "a".repeat(10 << 10) + " HTTP/1.1\r\n\r\n", 414);
        assertRefused("nonsense\r\n\r\n", 400);
    }

    private void assertRefused(String text, int status) {
        try (var http = RawHttp.connect(proxy.url())) {
            var answer = http.send(text).readResponse();
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.body()).contains("\"error\"", "\"code\"");
            assertThat(answer.header("x-request-id")).startsWith("req_");
        }
    }

    @Test
    void aBodyThatIsNoHttpIsRefusedInWordsAndTakesItsRequestAlong() throws Exception {
        start(request -> request.handler(_ -> {}));
        try (var http = RawHttp.connect(proxy.url())) {
            http.send("POST /v1/a HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n");
            arrived();
            var answer = http.send("zz\r\nnonsense\r\n").readResponse();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).contains("\"malformed_http\"");
            left.get(10, TimeUnit.SECONDS);
        }
    }
}
