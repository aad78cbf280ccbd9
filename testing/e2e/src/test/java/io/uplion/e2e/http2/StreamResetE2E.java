// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.platform.LocalCertificate;
import io.uplion.testing.platform.Platform;
import io.uplion.testing.wait.Await;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Over HTTP/2 a client takes one request back and keeps its connection. Nothing of that request
/// may stay, and nothing else may end with it.
class StreamResetE2E {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final long CANCEL = 8;

    @TempDir private Path directory;
    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger opened = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);
    private HttpClient client;
    private Platform platform;

    @BeforeEach
    void start() {
        platform =
                Platform.start(
                        LocalCertificate.make(directory),
                        Map.of("UPLION_GATEWAY_IDLE_TIMEOUT", "2s"));
        client =
                vertx.httpClientBuilder()
                        .with(
                                new HttpClientOptions()
                                        .setProtocolVersion(HttpVersion.HTTP_2)
                                        .setUseAlpn(true)
                                        .setSsl(true)
                                        .setVerifyHost(false)
                                        .setTrustAll(true))
                        .with(new PoolOptions().setHttp2MaxSize(1))
                        .withConnectHandler(
                                connection -> {
                                    opened.incrementAndGet();
                                    connection.closeHandler(_ -> closed.countDown());
                                })
                        .build();
    }

    @AfterEach
    void stop() {
        vertx.close().await();
        platform.close();
    }

    private HttpClientRequest open() {
        var url = URI.create(platform.url());
        var path = "/v1/chat/completions";
        var request = client.request(HttpMethod.POST, url.getPort(), url.getHost(), path).await();
        assertThat(request.version()).isEqualTo(HttpVersion.HTTP_2);
        platform.headers().forEach(request::putHeader);
        return request;
    }

    private static String body(boolean stream) {
        return "{\"model\":\"fake\",\"stream\":"
                + stream
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
    }

    /// Begun, and answered up to its first bytes.
    private HttpClientRequest streaming() throws InterruptedException {
        platform.provider().script("fake", "tokens=10000;interval=50ms");
        var request = open();
        var begun = new CountDownLatch(1);
        request.send(body(true)).await().handler(_ -> begun.countDown());
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        return request;
    }

    @Test
    void nothingStaysOfWhatWasTakenBackAtAnyMoment() throws Exception {
        var halfSent = open().setChunked(true);
        halfSent.write(body(false).substring(0, 20)).await();
        halfSent.reset(CANCEL);

        platform.provider().script("fake", "slow-headers=60s");
        for (var stream : List.of(false, true)) {
            var waiting = open();
            waiting.end(body(stream)).await();
            platform.provider().awaitInFlight(1, SOON);
            waiting.reset(CANCEL);
            platform.provider().awaitInFlight(0, SOON);
        }

        streaming().reset(CANCEL);
        platform.provider().awaitInFlight(0, SOON);

        nothingIsLeft();
        assertThat(closed.await(30, TimeUnit.SECONDS))
                .as("a connection on which nothing is asked is closed")
                .isTrue();
        assertThat(opened).hasValue(1);
    }

    @Test
    void othersOnTheConnectionGoOn() throws Exception {
        var other = streaming();
        var halfSent = open().setChunked(true);
        halfSent.write(body(false).substring(0, 20)).await();
        halfSent.reset(CANCEL);
        streaming().reset(CANCEL);

        var more = new CountDownLatch(20);
        other.response().await().handler(_ -> more.countDown());
        assertThat(more.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(platform.provider().inFlight()).isOne();
        assertThat(opened).hasValue(1);
        other.reset(CANCEL);
        nothingIsLeft();
    }

    @Test
    void headersBeyondTheBoundEndNoOtherStream() throws Exception {
        var other = streaming();
        for (int bytes : List.of(33_000, 60_000)) {
            // The body is asked for on the event loop: it may be there as soon as the head is.
            var refused =
                    open().putHeader("x-more", "y".repeat(bytes))
                            .send(body(false))
                            .compose(answer -> answer.body().map(told -> Map.entry(answer, told)))
                            .await();
            assertThat(refused.getKey().statusCode()).isEqualTo(431);
            assertThat(refused.getValue().toString()).contains("headers_too_large");
        }
        var more = new CountDownLatch(20);
        other.response().await().handler(_ -> more.countDown());
        assertThat(more.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(opened).hasValue(1);
        other.reset(CANCEL);
        nothingIsLeft();
    }

    /// Whoever asks and takes back as fast as it can loses its connection in the end.
    @Test
    void floodOfRequestsTakenBackIsBounded() {
        platform.provider().script("fake", "slow-headers=60s");
        var asked = 0;
        while (closed.getCount() > 0 && asked < 5000) {
            var request = open();
            request.end(body(true));
            request.reset(CANCEL);
            asked++;
        }
        assertThat(closed.getCount()).as("after " + asked + " requests").isZero();
        nothingIsLeft();
        platform.provider().awaitInFlight(0, SOON);

        platform.provider().script("fake", "tokens=2");
        var answer = open().send(body(false)).await();
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    private void nothingIsLeft() {
        for (var gauge :
                List.of(
                        "uplion_gateway_requests_open",
                        "uplion_worker_slots_in_use",
                        "uplion_queue_tasks",
                        "uplion_gateway_body_bytes")) {
            Await.until(gauge + " is 0", SOON, () -> gauge(gauge) == 0);
        }
    }

    /// The sum over all models and pools.
    private double gauge(String name) {
        var place = URI.create("http://127.0.0.1:" + platform.managementPort() + "/metrics");
        try (var in = place.toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll(".* ", "")))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
