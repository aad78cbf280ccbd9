// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.gateway.TestGateway;
import io.uplion.task.FromGateway.Cancel;
import io.uplion.task.FromGateway.Pace;
import io.uplion.testing.http.BodyEnd;
import io.uplion.testing.http.Intake;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What becomes of a client that takes its answer more slowly than it comes, or not at all.
class SlowClientsTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration FOUR_SECONDS = Duration.ofSeconds(4);
    private static final int FRAME = 256 << 10;

    /// A client's kernel takes next to nothing; what the gateway's takes is up to 4 MiB on Linux.
    private static final Intake LITTLE = new Intake(4096, 8192, 0);

    private static final long KERNEL = 5 << 20;
    private static final long HELD_AT = 1 << 20;

    /// With the 16 MiB that may be on their way when a worker is told to hold.
    private static final long CUT_AT = 17 << 20;

    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start();
    }

    @AfterEach
    void leavesNothingBehind() {
        gateway.awaitIdle();
        gateway.reset();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void workerHoldsForAClientThatIsBehindAndGoesOn() {
        try (var client = gateway.askForStream(LITTLE)) {
            var worker = gateway.worker(gateway.queue().next(), "a");
            var frame = "x".repeat(FRAME);
            long sent = 0;
            while (!worker.last().equals(new Pace(true))) {
                assertThat(worker.last()).isNotInstanceOf(Cancel.class);
                worker.event(frame);
                sent += frame.length();
            }
            assertThat(sent).isBetween(HELD_AT, HELD_AT + KERNEL + FRAME);
            // What was on its way, in one burst.
            for (int i = 0; i < 8; i++, sent += frame.length()) {
                worker.event(frame);
            }

            client.readHead();
            for (long read = 0; read < sent; read++) {
                assertThat(client.readByte()).isNotNegative();
            }
            Await.until("it goes on", LIMIT, () -> worker.last().equals(new Pace(false)));
            worker.end();
            assertThat(client.readBody()).endsWith("data: [DONE]\n\n");
            assertThat(client.end()).isEqualTo(BodyEnd.COMPLETE);
        }
    }

    @Test
    void clientThatTakesNothingIsCutOff() {
        var client = gateway.askForStream(LITTLE);
        var worker = gateway.worker(gateway.queue().next(), "a");
        var frame = "x".repeat(FRAME);
        long sent = 0;
        while (sent < 100 << 20 && !(worker.last() instanceof Cancel)) {
            worker.event(frame);
            sent += frame.length();
        }

        assertThat(sent).isBetween(CUT_AT, CUT_AT + KERNEL + 2 * FRAME);
        assertThat(worker.last()).isEqualTo(new Cancel(Cancel.Reason.CLIENT_TOO_SLOW));
        gateway.awaitIdle();
        client.close();
    }

    /// A worker that holds for a client has no slot for others meanwhile (docs/decisions/0012).
    @Test
    void clientThatAWorkerHoldsForAndThatTakesNothingIsCutOffAfterFiveSeconds() {
        try (var client = gateway.askForStream(LITTLE)) {
            var worker = gateway.worker(gateway.queue().next(), "a");
            var frame = "x".repeat(FRAME);
            for (int i = 0; i < 200 && !worker.last().equals(new Pace(true)); i++) {
                worker.event(frame);
            }
            assertThat(worker.last()).isEqualTo(new Pace(true));
            var held = System.nanoTime();
            Await.until(
                    "the client is cut off",
                    Duration.ofSeconds(15),
                    () -> worker.last().equals(new Cancel(Cancel.Reason.CLIENT_TOO_SLOW)));

            assertThat(Duration.ofNanos(System.nanoTime() - held)).isGreaterThan(FOUR_SECONDS);
        }
    }
}
