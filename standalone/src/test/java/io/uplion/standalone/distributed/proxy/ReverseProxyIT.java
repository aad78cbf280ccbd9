// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.proxy;

import static io.uplion.standalone.distributed.proxy.ProxyFixture.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.uplion.gateway.GatewayConfig;
import io.uplion.testing.http.BodyEnd;
import io.uplion.testing.http.RawHttp;
import io.uplion.testing.http.SseClient;
import io.uplion.testing.wait.Await;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What passes through, and where to.
class ReverseProxyIT {
    private final ProxyFixture proxy = new ProxyFixture();

    @AfterEach
    void close() {
        proxy.close();
    }

    private FakeGateway gateway(Handler<HttpServerRequest> handler) {
        return FakeGateway.start(proxy.vertx(), handler);
    }

    private static HttpServerResponse stream(HttpServerRequest request) {
        return request.response().setChunked(true).putHeader("content-type", "text/event-stream");
    }

    private static void echo(HttpServerRequest request) {
        request.body().onSuccess(body -> request.response().end(body));
    }

    @Test
    void eachServiceGetsItsOwnPaths() {
        var gateway = gateway(request -> request.response().end("gateway"));
        var portal = gateway(request -> request.response().end("portal"));
        proxy.start(LIMIT, LIMIT, List.of(gateway.upstream()), List.of(portal.upstream()));
        try (var http = RawHttp.connect(proxy.url())) {
            assertThat(http.get("/v1/models").readResponse().body()).isEqualTo("gateway");
            assertThat(http.get("/api/session").readResponse().body()).isEqualTo("portal");
        }
    }

    @Test
    void eachPieceOfAStreamComesWhenItWasSent() throws Exception {
        var streams = new LinkedBlockingQueue<HttpServerResponse>();
        proxy.start(
                gateway(
                        request -> {
                            stream(request).writeHead();
                            streams.add(request.response());
                        }));
        try (var client = SseClient.post(proxy.url() + "/v1/chat/completions", "{}")) {
            assertThat(client.status()).isEqualTo(200);
            var stream = streams.poll(10, TimeUnit.SECONDS);
            for (int i = 0; i < 20; i++) {
                stream.write("data: piece " + i + "\n\n");
                assertThat(client.next().orElseThrow().data()).isEqualTo("piece " + i);
            }
            stream.end("data: [DONE]\n\n");
            assertThat(client.data()).containsExactly("[DONE]");
            assertThat(client.end()).isEqualTo(BodyEnd.COMPLETE);
        }
    }

    @Test
    void bodiesOfManyMegabytesPassUnchangedBothWays() throws Exception {
        proxy.start(gateway(ReverseProxyIT::echo));
        var body = new byte[20 << 20];
        new Random(1).nextBytes(body);
        for (var publisher :
                List.of(
                        BodyPublishers.ofByteArray(body),
                        // Of a length that is not announced.
                        BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(body)))) {
            try (var http = HttpClient.newHttpClient()) {
                var request =
                        HttpRequest.newBuilder(URI.create(proxy.url() + "/v1/files"))
                                .POST(publisher)
                                .build();
                assertThat(http.send(request, BodyHandlers.ofByteArray()).body()).isEqualTo(body);
            }
        }
    }

    @Test
    void statusHeadersAndErrorsOfTheGatewayAreLeftAsTheyAre() {
        proxy.start(
                gateway(
                        request ->
                                request.response()
                                        .setStatusCode(429)
                                        .setStatusMessage("Slow Down")
                                        .putHeader("x-request-id", "req_1")
                                        .putHeader("retry-after", "7")
                                        .putHeader("keep-alive", "timeout=5")
                                        .end("{\"error\": 1}")));
        try (var http = RawHttp.connect(proxy.url())) {
            for (int i = 0; i < 3; i++) {
                var answer = http.post("/v1/embeddings", "{}").readResponse();
                assertThat(answer.status()).isEqualTo(429);
                assertThat(answer.header("x-request-id")).isEqualTo("req_1");
                assertThat(answer.header("retry-after")).isEqualTo("7");
                assertThat(answer.header("content-length")).isEqualTo("12");
                assertThat(answer.header("keep-alive")).isEmpty();
                assertThat(answer.body()).isEqualTo("{\"error\": 1}");
            }
        }
    }

    @Test
    void theGatewaySeesTheRequestAsItWasSentAndWhoSentIt() throws Exception {
        var seen = new CompletableFuture<HttpServerRequest>();
        proxy.start(
                gateway(
                        request -> {
                            seen.complete(request);
                            request.response().end();
                        }));
        try (var http = RawHttp.connect(proxy.url())) {
            http.send(
                    "GET /v1/models/a%2Fb?x=%20y HTTP/1.1\r\nHost: api.example\r\n"
                            + "Authorization: Bearer k\r\nConnection: keep-alive, x-hop\r\n"
                            + "x-hop: 1\r\nX-Forwarded-For: 192.0.2.7\r\n\r\n");
            assertThat(http.readResponse().status()).isEqualTo(200);
        }
        var request = seen.get(10, TimeUnit.SECONDS);
        assertThat(request.uri()).isEqualTo("/v1/models/a%2Fb?x=%20y");
        assertThat(request.getHeader("host")).isEqualTo("api.example");
        assertThat(request.getHeader("authorization")).isEqualTo("Bearer k");
        assertThat(request.getHeader("x-forwarded-for")).isEqualTo("192.0.2.7, 127.0.0.1");
        assertThat(request.getHeader("x-forwarded-proto")).isEqualTo("http");
        assertThat(request.getHeader("x-hop")).isNull();
    }

    @Test
    void answersWithoutABodyEndAtOnce() {
        proxy.start(
                gateway(
                        request -> {
                            var response = request.response();
                            switch (request.method().name()) {
                                case "HEAD" -> response.putHeader("content-length", "5").end();
                                case "OPTIONS" -> response.setStatusCode(204).end();
                                default -> response.end();
                            }
                        }));
        try (var http = RawHttp.connect(proxy.url())) {
            http.send("OPTIONS /v1/models HTTP/1.1\r\nhost: a\r\n\r\n");
            assertThat(http.readHead().status()).isEqualTo(204);
            http.send("HEAD /v1/models HTTP/1.1\r\nhost: a\r\n\r\n");
            var head = http.readHead();
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("content-length")).isEqualTo("5");
            assertThat(head.header("transfer-encoding")).isEmpty();
            assertThat(http.get("/v1/models").readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void aClientThatAsksWhetherToSendIsAnsweredByTheGateway() throws Exception {
        proxy.start(
                gateway(
                        request -> {
                            if (request.headers().contains("x-refuse")) {
                                request.response()
                                        .putHeader("connection", "close")
                                        .setStatusCode(413)
                                        .end("no");
                            } else {
                                request.response().writeContinue();
                                echo(request);
                            }
                        }));
        var head =
                "POST /v1/a HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 4\r\n";
        try (var http = HttpClient.newHttpClient()) {
            var asking =
                    HttpRequest.newBuilder(URI.create(proxy.url() + "/v1/a"))
                            .expectContinue(true)
                            .timeout(LIMIT)
                            .POST(BodyPublishers.ofString("body"))
                            .build();
            assertThat(http.send(asking, BodyHandlers.ofString()).body()).isEqualTo("body");
        }
        try (var http = RawHttp.connect(proxy.url())) {
            var refused = http.send(head + "x-refuse: 1\r\n\r\n").readResponse();
            assertThat(refused.status()).isEqualTo(413);
            assertThat(refused.header("connection")).isEqualTo("close");
            assertThat(http.readByte()).isEqualTo(-1);
        }
    }

    @Test
    void requestsGoToReadyGatewaysInTurn() throws Exception {
        var one = FakeGateway.start(proxy.vertx(), "gateway-1", it -> it.response().end("1"));
        var two = FakeGateway.start(proxy.vertx(), "gateway-2", it -> it.response().end("2"));
        proxy.start(one, two);
        try (var http = RawHttp.connect(proxy.url())) {
            for (int i = 0; i < 10; i++) {
                http.get("/v1/models").readResponse();
            }
            assertThat(one.asked()).isEqualTo(5);
            assertThat(two.asked()).isEqualTo(5);

            one.isReady(false);
            Await.until(
                    "only the other one is asked",
                    LIMIT,
                    () ->
                            List.of(
                                            http.get("/v1/models").readResponse().body(),
                                            http.get("/v1/models").readResponse().body())
                                    .equals(List.of("2", "2")));
        }
    }

    @Test
    void aGatewayThatRefusesConnectionsCostsNoRequest() {
        var one = FakeGateway.start(proxy.vertx(), "gateway-1", ReverseProxyIT::echo);
        var two = FakeGateway.start(proxy.vertx(), "gateway-2", ReverseProxyIT::echo);
        proxy.start(one, two);
        var gone = one.upstream();
        one.close();
        try (var http = RawHttp.connect(proxy.url())) {
            for (int i = 0; i < 20; i++) {
                assertThat(http.post("/v1/a", "number " + i).readResponse().body())
                        .isEqualTo("number " + i);
            }
            assertThat(two.asked()).isEqualTo(20);

            var back = FakeGateway.restart(proxy.vertx(), gone, ReverseProxyIT::echo);
            Await.until(
                    "the other one is asked again",
                    LIMIT,
                    () -> {
                        http.post("/v1/a", "{}").readResponse();
                        return back.asked() > 0;
                    });
        }
    }

    @Test
    void withoutAGatewayTheErrorSaysSo() {
        var only = gateway(ReverseProxyIT::echo);
        proxy.start(only);
        try (var http = RawHttp.connect(proxy.url())) {
            assertThat(http.get("/readyz").readResponse().status()).isEqualTo(200);
            only.close();
            var answer = http.post("/v1/chat/completions", "{}").readResponse();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("content-type")).isEqualTo("application/json");
            assertThat(answer.header("retry-after")).isEqualTo("1");
            assertThat(answer.header("x-request-id")).startsWith("req_");
            assertThat(answer.body())
                    .isEqualTo(
                            "{\"error\":{\"message\":\"Nobody is ready to answer this; try again shortly.\","
                                    + "\"type\":\"server_error\",\"param\":null,"
                                    + "\"code\":\"gateway_unavailable\"}}");
        }
        try (var http = RawHttp.connect(proxy.url())) {
            assertThat(http.get("/readyz").readResponse().status()).isEqualTo(503);
            assertThat(http.get("/livez").readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void otherPathsAreUnknown() {
        proxy.start(gateway(ReverseProxyIT::echo));
        try (var http = RawHttp.connect(proxy.url())) {
            for (var path : List.of("/", "/v1", "/v2/models", "/metrics", "/%2e%2e/v1/x")) {
                var answer = http.get(path).readResponse();
                assertThat(answer.status()).as(path).isEqualTo(404);
                assertThat(answer.body()).contains("\"unknown_url\"");
            }
        }
    }

    @Test
    void aHundredStreamsAtOnceDoNotMix() throws Exception {
        proxy.start(
                gateway(
                        request ->
                                request.body()
                                        .onSuccess(
                                                body -> {
                                                    stream(request);
                                                    send(request.response(), body, 0);
                                                })));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Future<List<String>>>();
            for (int i = 0; i < 100; i++) {
                var text = "client-" + i;
                answers.add(threads.submit(() -> streamed(text)));
            }
            for (int i = 0; i < 100; i++) {
                var expected = new ArrayList<String>();
                for (int piece = 0; piece < 50; piece++) {
                    expected.add("client-" + i + " " + piece);
                }
                assertThat(answers.get(i).get(60, TimeUnit.SECONDS)).isEqualTo(expected);
            }
        }
    }

    private void send(HttpServerResponse response, Buffer text, int piece) {
        if (piece == 50) {
            response.end();
            return;
        }
        response.write("data: " + text + " " + piece + "\n\n");
        proxy.vertx().setTimer(2, _ -> send(response, text, piece + 1));
    }

    private List<String> streamed(String text) {
        try (var client =
                SseClient.post(proxy.url() + "/v1/chat/completions", text, Map.of(), LIMIT)) {
            var data = client.data();
            assertThat(client.end()).isEqualTo(BodyEnd.COMPLETE);
            return data;
        }
    }

    @Test
    void aPortThatIsTakenIsSaid() throws IOException {
        try (var taken = new ServerSocket(0)) {
            var address =
                    new GatewayConfig.Address("127.0.0.1", taken.getLocalPort(), Optional.empty());
            var config = new ProxyConfig(address, LIMIT, LIMIT, List.of(), List.of());
            assertThat(catchThrowable(() -> ReverseProxy.start(proxy.vertx(), config)))
                    .hasStackTraceContaining("BindException");
        }
    }
}
