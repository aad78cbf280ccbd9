// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Several gateways that refuse clients of one full queue.
class DividedPlacesTest {
    private static final double PER_SECOND = 4;
    private static final int FULL = 100;

    /// Before the margins that a client gets on top.
    private static final double STRETCH = 1.1;

    private static final double MARGIN = 0.5;

    private long now;
    private long start;
    private int gateways = 1;

    private DrainRates gateway(int place) {
        return new DrainRates(() -> now, _ -> share(place));
    }

    private Share share(int place) {
        return new Share(PER_SECOND, gateways, place, Duration.ZERO);
    }

    /// Which know the model for a while.
    private List<DrainRates> fleet(int size) {
        gateways = size;
        var fleet = IntStream.range(0, size).mapToObj(this::gateway).toList();
        fleet.forEach(gateway -> gateway.left("m"));
        pass(Duration.ofMinutes(1));
        start = now;
        return fleet;
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    /// In seconds from the beginning.
    private double promise(DrainRates gateway) {
        double wait = gateway.untilFewer("m", FULL, FULL).toMillis() / 1000.0;
        return (now - start) / 1e9 + (wait - MARGIN) / STRETCH;
    }

    /// Whoever comes has a place: so many have left by then, and each of those before took one.
    private static void assertNoPlaceIsPromisedTwice(List<Double> promises) {
        var inTurn = promises.stream().sorted().toList();
        for (int i = 0; i < inTurn.size(); i++) {
            assertThat(inTurn.get(i))
                    .as("promise " + i + " of " + inTurn)
                    .isGreaterThanOrEqualTo((i + 1) / PER_SECOND - 0.01);
        }
    }

    @Test
    void twoGatewaysPromiseNoPlaceTwice() {
        var fleet = fleet(2);
        var promises = new ArrayList<Double>();
        for (int i = 0; i < 20; i++) {
            fleet.forEach(gateway -> promises.add(promise(gateway)));
        }

        assertNoPlaceIsPromisedTwice(promises);
        assertThat(promises.stream().max(Double::compare))
                .as("and leave none out")
                .hasValueSatisfying(last -> assertThat(last).isLessThan(40 / PER_SECOND + 0.1));
    }

    @Test
    void gatewaysThatRefuseAtDifferentTimesAndOftenPromiseNoPlaceTwice() {
        var fleet = fleet(3);
        var promises = new ArrayList<Double>();
        for (int i = 0; i < 60; i++) {
            promises.add(promise(fleet.get((i * i + i / 7) % 3)));
            pass(Duration.ofMillis(37));
        }

        assertNoPlaceIsPromisedTwice(promises);
    }

    @Test
    void gatewayThatIsLeftAloneHandsOutEveryPlace() {
        var first = fleet(2).getFirst();
        assertThat(promise(first)).isBetween(0.24, 0.51);
        var second = promise(first);
        gateways = 1;

        assertThat(promise(first) - second).isBetween(0.24, 0.26);
    }

    @Test
    void whoWaitedInVainIsPromisedAPlaceOfItsGatewaysShareToo() {
        var promises = new ArrayList<Double>();
        for (var gateway : fleet(2)) {
            for (int i = 0; i < 10; i++) {
                var wait = gateway.untilInTime("m", 40, Duration.ofSeconds(5)).toMillis() / 1000.0;
                promises.add((wait - MARGIN) / STRETCH - 20 / PER_SECOND);
            }
        }

        assertNoPlaceIsPromisedTwice(promises);
    }
}
