// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.idempotency;

import static io.uplion.gateway.idempotency.RepeatingClients.ANYBODY;
import static io.uplion.gateway.idempotency.RepeatingClients.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.http.BodyEnd;
import io.uplion.testing.http.RawHttp;
import io.uplion.testing.wait.Await;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Whoever is told another's answer, where the gateway stops, and where it takes nothing of it.
class IdempotencyStopTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final int FRAME = 50_000;
    private static final int FRAMES = 20;

    /// `data: `, and an empty line behind each.
    private static final double KEPT = FRAMES * (FRAME + 8);

    /// More than any network takes at once.
    private static final int TIMES = 30;

    private final RepeatingClients clients = new RepeatingClients();

    @AfterEach
    void stop() {
        clients.close();
    }

    private CompletableFuture<Void> stopping() {
        var gateway = clients.gateway().gateway();
        var stopped = CompletableFuture.runAsync(gateway::close);
        Await.until("it stops", LIMIT, () -> !gateway.isReady());
        return stopped;
    }

    /// Nothing runs here any more; all that is waited for is at another gateway.
    @Test
    void aStoppingGatewayWaitsForThoseWhoWaitForWhatAnotherGatewayRuns() {
        clients.restart(Map.of("DRAIN", "10m"), ANYBODY);
        clients.store().running(KEY);
        try (var client = clients.waiting(false)) {
            var stopped = stopping();
            var looks = clients.store().looks();
            Await.until("it goes on looking", LIMIT, () -> clients.store().looks() > looks);
            assertThat(stopped).isNotDone();

            var body = "{\"by\":\"another\"}".getBytes(StandardCharsets.UTF_8);
            clients.store().endElsewhere(new Outcome.Whole("req-1", 200, "application/json", body));
            assertThat(client.readResponse().body()).isEqualTo("{\"by\":\"another\"}");
            stopped.join();
        }
    }

    private void keepALongStream() {
        try (var first = clients.ask(true)) {
            var worker = clients.worker();
            for (var i = 0; i < FRAMES; i++) {
                worker.event("x".repeat(FRAME));
            }
            worker.end();
            assertThat(first.readResponse().end()).isEqualTo(BodyEnd.COMPLETE);
        }
        Await.until("nothing is held", LIMIT, () -> clients.held() == 0);
    }

    @Test
    void aStoppingGatewayWaitsForAClientThatStillTakesWhatIsToldAgain() {
        clients.restart(Map.of("DRAIN", "10m"), ANYBODY);
        keepALongStream();
        try (var slow = clients.stuck(TIMES)) {
            var told = clients.replayed();
            assertThat(told).as("the last of them is held up").isLessThan(TIMES);
            var stopped = stopping();
            assertThat(stopped).isNotDone();

            for (var i = 0; i < told; i++) {
                var answer = slow.readResponse();
                assertThat(answer.end()).isEqualTo(BodyEnd.COMPLETE);
                assertThat(answer.body()).endsWith("data: [DONE]\n\n");
            }
            stopped.join();
        }
    }

    @Test
    void aClientThatStopsReadingWhatIsToldAgainIsCutOffAndHoldsNothing() {
        clients.restart(Map.of("SLOW_CLIENT_TIMEOUT", "8s"), ANYBODY);
        keepALongStream();
        try (var deaf = clients.stuck(TIMES)) {
            // Those before the one that is held up may still be on their way out.
            var told = clients.duplicates();
            assertThat(told).isPositive();
            assertThat(clients.held()).isBetween(KEPT, told * KEPT);

            Await.until("it is cut off", LIMIT, () -> clients.duplicates() == 0);
            assertThat(clients.held()).isZero();
            assertThat(clients.replayed()).isLessThan(TIMES);
            assertIsCut(deaf);
        }
        assertThat(clients.again(true).body()).as("it is still kept").endsWith("[DONE]\n\n");
    }

    /// What the network had is lost with the connection, or part of it.
    private static void assertIsCut(RawHttp client) {
        var whole = 0;
        while (whole < TIMES && isWhole(client)) {
            whole++;
        }
        assertThat(whole).isLessThan(TIMES);
    }

    private static boolean isWhole(RawHttp client) {
        try {
            return client.readResponse().end() == BodyEnd.COMPLETE;
        } catch (UncheckedIOException | AssertionError broken) {
            return false;
        }
    }
}
