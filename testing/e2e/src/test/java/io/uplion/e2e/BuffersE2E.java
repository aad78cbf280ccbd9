// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.platform.LocalCertificate;
import io.uplion.testing.platform.Platform;
import io.uplion.testing.provider.Ending;
import io.uplion.testing.wait.Await;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Clients that are killed at random leave no buffer behind. That they leave no request, task, slot
/// and thread: [ConcurrencyE2E].
class BuffersE2E {
    private static final int CLIENTS = 80;
    private static final int CONNECTIONS = 8;
    private static final int ONE_OF_EACH = 20;
    private static final long CANCEL = 8;
    private static final int LARGE = 20_000;
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String WIDE = "  concurrency: 300\n  limits: {queued: 5000}\n";

    @TempDir private Path directory;
    private final Random random = new Random(11);
    private final AtomicInteger mostHeld = new AtomicInteger();
    private final HeldBuffers buffers = new HeldBuffers();

    @AfterEach
    void end() {
        buffers.close();
    }

    @Test
    void clientsKilledInTheMiddleOfAnythingLeaveNoBuffer() throws InterruptedException {
        try (var platform = Platform.start(Map.of("UPLION_GATEWAY_IDLE_TIMEOUT", "2s"))) {
            killAll(platform, i -> kill(new Api(platform), i % 5, pause()));
            assertNoneIsHeld();
        }
    }

    /// Over connections that they share, each of which may be killed with all that is on it.
    @Test
    void streamsAndConnectionsOfHttp2KilledInTheMiddleLeaveNoBuffer() throws InterruptedException {
        var certificate = LocalCertificate.make(directory);
        var vertx = Vertx.vertx();
        try (var platform = Platform.start(certificate)) {
            var client = http2(vertx);
            killAll(platform, i -> killOverHttp2(client, platform, i % 4, pause()));
            vertx.close().await();
            assertNoneIsHeld();
        }
    }

    private long pause() {
        return random.nextLong(600_000_000);
    }

    private void killAll(Platform platform, IntFunction<Boolean> kill) throws InterruptedException {
        var api = new Api(platform);
        platform.provider().script("wide", "tokens=60;interval=50ms");
        platform.write("wide.yaml", Platform.manifest("wide", platform.provider().baseUrl(), WIDE));
        Await.until("the model is there", SOON, () -> api.metric("uplion_worker_slots") >= 300);

        // Some buffers are taken once and for all when a thing is done for the first time.
        for (int i = 0; i < ONE_OF_EACH; i++) {
            kill.apply(i);
        }
        buffers.begin();
        assertThat(Crowd.start(CLIENTS, kill).answers()).hasSize(CLIENTS);

        platform.provider().awaitInFlight(0, SOON);
        Await.until("no request", SOON, () -> api.metric("uplion_gateway_requests_open") == 0);
        Await.until(
                "some were killed while they were answered",
                SOON,
                () ->
                        platform.provider().served("wide").stream()
                                .anyMatch(one -> one.ending() == Ending.CLIENT_GONE));
        assertThat(mostHeld).as("that buffers are seen").hasPositiveValue();
    }

    private void assertNoneIsHeld() {
        try {
            Await.until("no buffer is held", SOON, () -> buffers.count() == 0);
        } catch (AssertionError e) {
            assertThat(buffers.whereabouts()).isEmpty();
        }
        assertThat(buffers.lost()).isEmpty();
    }

    private static String body(boolean stream) {
        return Api.chatBody(
                "wide", ",\"stream\":" + stream + ",\"x\":\"" + "y".repeat(LARGE) + "\"");
    }

    private Boolean kill(Api api, int moment, long pause) {
        try (var http = api.connect()) {
            var head = "POST " + Api.CHAT + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ";
            var known = head + api.platform().apiKey() + "\r\n";
            switch (moment) {
                case 0 -> http.send(known + "x: ");
                case 1 ->
                        http.send(known + "content-length: " + 2 * LARGE + "\r\n\r\n")
                                .send(body(true));
                case 2 ->
                        http.send(known + "transfer-encoding: chunked\r\n\r\nzz\r\n" + body(true));
                case 3 -> http.post(Api.CHAT, body(false), api.platform().headers());
                default -> http.post(Api.CHAT, body(true), api.platform().headers());
            }
            pauseAndLook(pause);
            if (pause % 2 == 0) {
                http.reset();
            }
        }
        return true;
    }

    private void pauseAndLook(long pause) {
        // So that clients die at different moments.
        LockSupport.parkNanos(pause);
        mostHeld.accumulateAndGet(buffers.count(), Math::max);
    }

    private static HttpClient http2(Vertx vertx) {
        return vertx.createHttpClient(
                new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setUseAlpn(true)
                        .setSsl(true)
                        .setVerifyHost(false)
                        .setTrustAll(true),
                new PoolOptions().setHttp2MaxSize(CONNECTIONS));
    }

    private Boolean killOverHttp2(HttpClient client, Platform platform, int moment, long pause) {
        var url = URI.create(platform.url());
        var request =
                client.request(HttpMethod.POST, url.getPort(), url.getHost(), Api.CHAT).await();
        assertThat(request.version()).isEqualTo(HttpVersion.HTTP_2);
        platform.headers().forEach(request::putHeader);
        request.exceptionHandler(_ -> {});
        request.response().onSuccess(answer -> answer.handler(_ -> {}).exceptionHandler(_ -> {}));
        if (moment == 0) {
            request.setChunked(true).write(body(true).substring(0, LARGE / 2));
        } else {
            request.end(body(moment > 1));
        }
        pauseAndLook(pause);
        killOrTakeBack(request, pause);
        return true;
    }

    private static void killOrTakeBack(HttpClientRequest request, long pause) {
        if (pause % 10 == 0) {
            request.connection().close();
        } else {
            request.reset(CANCEL);
        }
    }
}
