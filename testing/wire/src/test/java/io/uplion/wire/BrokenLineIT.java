// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.openai.TokenUsage;
import io.uplion.task.FromGateway.Lost;
import io.uplion.task.FromWorker;
import io.uplion.testing.fault.Direction;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Connections that break in the middle of a stream.
class BrokenLineIT {
    /// What the design promises.
    private static final Duration FOUND_DEAD = Duration.ofSeconds(15);

    private static void assertLostOnceAndLast(Line.Pair pair) {
        pair.ear().await(2);
        pair.send(Samples.event("too late"));
        pair.send(new FromWorker.End(TokenUsage.of(3, 4)));
        pair.worker().close();
        assertThat(pair.ear().heard()).hasSize(2).last().isEqualTo(new Lost(true));
    }

    @Test
    void brokenConnectionIsHeardOnBothSides() {
        try (var line = Line.open()) {
            var pairs = IntStream.range(0, 20).mapToObj(_ -> line.granted()).toList();
            line.proxy().resetAll();

            for (var pair : pairs) {
                assertLostOnceAndLast(pair);
                pair.gateway().awaitClosed(Duration.ofSeconds(5));
                assertThat(pair.gateway().closed()).isEqualTo(1);
            }
        }
    }

    @Test
    void nextStreamGetsAConnectionOfItsOwn() {
        try (var line = Line.open()) {
            var first = line.granted();
            line.proxy().resetAll();
            first.ear().await(2);

            assertThat(line.granted().ear().count()).isEqualTo(1);
        }
    }

    @Test
    void silentPeerIsFoundDeadByBothSides() {
        try (var line = Line.open()) {
            var pair = line.granted();
            var silent = line.granted();
            line.proxy().blackHole();
            pair.send(Samples.event("into nothing"));

            long before = System.nanoTime();
            pair.ear().await(2, FOUND_DEAD);
            silent.ear().await(2, FOUND_DEAD);
            var left = FOUND_DEAD.minusNanos(System.nanoTime() - before);
            pair.gateway().awaitClosed(left);
            silent.gateway().awaitClosed(left);
            assertLostOnceAndLast(pair);
        }
    }

    /// A gateway that hears a worker which does not hear it would wait for it until the timeout.
    @Test
    void peerThatIsDeafIsFoundDeadByBothSides() {
        try (var line = Line.open()) {
            var pair = line.granted();
            line.proxy().blackHole(Direction.TO_CLIENT);

            pair.ear().await(2, FOUND_DEAD);
            pair.gateway().awaitClosed(FOUND_DEAD);
        }
    }

    @Test
    void stoppedGatewayIsALostOne() {
        try (var line = Line.open()) {
            var pair = line.granted();
            line.server().close();

            assertLostOnceAndLast(pair);
        }
    }

    @Test
    void stoppedWorkerIsALostOne() {
        try (var line = Line.open()) {
            var pair = line.granted();
            line.desk().close();

            pair.gateway().awaitClosed(Duration.ofSeconds(5));
            assertThat(pair.ear().heard()).last().isEqualTo(new Lost(true));
        }
    }
}
