// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.gateway.GatewayConfig;
import io.uplion.testing.http.BodyEnd;
import io.uplion.testing.http.RawHttp;
import io.uplion.testing.wait.Await;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Many heads that do not end, on one event loop.
class UnfinishedHeadsTest {
    private static final int CROWD = 200;
    private static final long BOUND = 1 << 20;
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String BEGUN = "GET /livez HTTP/1.1\r\nhost: x\r\n";
    private static final String LONG_LINE = "x: " + "y".repeat(30_000);
    private final Vertx vertx = Vertx.vertx();
    private final UnfinishedHeads heads = new UnfinishedHeads(BOUND);
    private final Loop loop = new Loop();
    private final List<RawHttp> crowd = new ArrayList<>();

    /// One event loop; whatever is asked, it answers.
    private final class Loop extends VerticleBase {
        private int port;

        @Override
        public Future<?> start() {
            var address = new GatewayConfig.Address("127.0.0.1", 0, Optional.empty());
            var guard =
                    new ConnectionGuard(
                            vertx, Duration.ofMinutes(5), new BareAnswer(_ -> {}), heads);
            return guard.watch(
                            vertx.createHttpServer(HttpListening.options(address)),
                            request -> request.endHandler(_ -> request.response().end("ok\n")))
                    .listen(0, "127.0.0.1")
                    .onSuccess(listening -> port = listening.actualPort());
        }

        Context context() {
            return context;
        }
    }

    @BeforeEach
    void start() {
        vertx.deployVerticle(loop).await();
    }

    @AfterEach
    void stop() {
        crowd.forEach(RawHttp::close);
        vertx.close().await();
    }

    private RawHttp connect() {
        return RawHttp.connect("http://127.0.0.1:" + loop.port);
    }

    private long held() {
        CompletableFuture<Long> held = new CompletableFuture<>();
        loop.context().runOnContext(_ -> held.complete(heads.held()));
        return held.join();
    }

    private static void assertClosed(RawHttp one) {
        assertThat(one.readHead().status()).isZero();
        assertThat(one.end()).isNotEqualTo(BodyEnd.STALLED);
    }

    private void assertServed() {
        try (var other = connect()) {
            assertThat(other.get("/livez").readResponse().body()).isEqualTo("ok\n");
        }
    }

    @Test
    void oldestAreCutAndOthersAreServedMeanwhile() {
        for (int i = 0; i < CROWD; i++) {
            crowd.add(connect().send(BEGUN + LONG_LINE));
            if (i % 20 == 0) {
                assertServed();
                assertThat(held()).isLessThanOrEqualTo(BOUND);
            }
        }
        crowd.subList(0, CROWD / 2).forEach(UnfinishedHeadsTest::assertClosed);
        for (RawHttp young : crowd.subList(CROWD - 5, CROWD)) {
            assertThat(young.send("\r\n\r\n").readResponse().body()).isEqualTo("ok\n");
        }
        crowd.forEach(RawHttp::close);
        Await.until("nothing is held", SOON, () -> held() == 0);
        assertServed();
    }

    /// The decoder has read them, and holds each as an object much larger than its line.
    @Test
    void linesThatAreReadCountToo() {
        for (int i = 0; i < CROWD; i++) {
            crowd.add(connect().send(BEGUN + "a:\r\n".repeat(150)));
        }
        crowd.subList(0, CROWD / 2).forEach(UnfinishedHeadsTest::assertClosed);
        assertServed();
    }

    @Test
    void headsBehindARequestInTheSamePacketCountToo() {
        for (int i = 0; i < CROWD; i++) {
            var one = connect();
            crowd.add(one);
            one.send(BEGUN + "\r\n" + BEGUN + LONG_LINE);
            assertThat(one.readResponse().body()).isEqualTo("ok\n");
        }
        crowd.subList(0, CROWD / 2).forEach(UnfinishedHeadsTest::assertClosed);
        assertThat(held()).isPositive().isLessThanOrEqualTo(BOUND);
    }

    /// Lines behind the last chunk are kept like those of a head.
    @Test
    void trailersThatDoNotEndCountToo() {
        var chunked = "POST /livez HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n0\r\n";
        for (int i = 0; i < CROWD; i++) {
            crowd.add(connect().send(chunked + LONG_LINE));
        }
        crowd.subList(0, CROWD / 2).forEach(UnfinishedHeadsTest::assertClosed);
        assertServed();
    }

    @Test
    void nothingIsHeldOfWhoWaitsBetweenRequests() {
        for (int i = 0; i < CROWD; i++) {
            var one = connect();
            crowd.add(one);
            assertThat(one.post("/livez", LONG_LINE).readResponse().body()).isEqualTo("ok\n");
        }
        assertThat(held()).isZero();
        for (RawHttp one : crowd) {
            assertThat(one.get("/livez").readResponse().body()).isEqualTo("ok\n");
        }
    }
}
