// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.gateway.GatewayConfig;
import io.uplion.standalone.distributed.proxy.ProxyConfig;
import io.uplion.standalone.distributed.proxy.ReverseProxy;
import io.uplion.standalone.distributed.proxy.Upstream;
import io.uplion.testing.platform.LocalCertificate;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The proxy over TLS, with both versions of HTTP that clients agree on there.
class ProxyTlsIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir private Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final LinkedBlockingQueue<HttpServerRequest> requests = new LinkedBlockingQueue<>();
    private final CountDownLatch left = new CountDownLatch(1);
    private LocalCertificate certificate;
    private ReverseProxy proxy;

    @BeforeEach
    void start() {
        certificate = LocalCertificate.make(directory);
        var gateway = vertx.createHttpServer().requestHandler(this::answer);
        gateway.listen(0, "127.0.0.1").await();
        var url = URI.create("http://127.0.0.1:" + gateway.actualPort());
        var tls = new GatewayConfig.Tls(certificate.certificate(), certificate.key());
        proxy =
                ReverseProxy.start(
                        vertx,
                        new ProxyConfig(
                                new GatewayConfig.Address("127.0.0.1", 0, Optional.of(tls)),
                                LIMIT,
                                LIMIT,
                                List.of(new Upstream("gateway-1", url, url.resolve("/readyz"))),
                                List.of()));
    }

    @AfterEach
    void stop() {
        proxy.close();
        vertx.close().await();
    }

    private void answer(HttpServerRequest request) {
        switch (request.path()) {
            case "/readyz" -> request.response().end();
            case "/v1/echo" -> request.body().onSuccess(body -> request.response().end(body));
            default -> {
                request.response().closeHandler(_ -> left.countDown());
                request.response().setChunked(true).write("data: 1\n\n");
                requests.add(request);
            }
        }
    }

    private HttpClient client(Version version) {
        return HttpClient.newBuilder().version(version).sslContext(certificate.trust()).build();
    }

    private HttpRequest request(String path, String body) {
        return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + proxy.port() + path))
                .timeout(LIMIT)
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private HttpResponse<InputStream> stream(HttpClient http) throws Exception {
        var answer = http.send(request("/v1/stream", "{}"), BodyHandlers.ofInputStream());
        var first = new String(answer.body().readNBytes(9), StandardCharsets.UTF_8);
        assertThat(first).isEqualTo("data: 1\n\n");
        return answer;
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void bodiesPassUnchanged(Version version) throws Exception {
        var body = "x".repeat(3 << 20);
        try (var http = client(version)) {
            var answer = http.send(request("/v1/echo", body), BodyHandlers.ofString());
            assertThat(answer.version()).isEqualTo(version);
            assertThat(answer.body()).isEqualTo(body);
            var unknown = http.send(request("/v2", body), BodyHandlers.ofString());
            assertThat(unknown.statusCode()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void aClientThatLeavesAStreamTakesItsRequestAlong(Version version) throws Exception {
        try (var http = client(version)) {
            stream(http).body().close();
            assertThat(left.await(20, TimeUnit.SECONDS)).isTrue();
            var answer = http.send(request("/v1/echo", "{}"), BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void aGatewayThatBreaksOffNeverLooksLikeAnEnd(Version version) throws Exception {
        try (var http = client(version)) {
            var answer = stream(http);
            requests.poll(10, TimeUnit.SECONDS).connection().close();
            assertThatThrownBy(() -> answer.body().readAllBytes()).isInstanceOf(IOException.class);
        }
    }
}
