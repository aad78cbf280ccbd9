// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.counters.InProcessSharedState;
import io.uplion.counters.SharedState;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// A client that one gateway has refused comes back to another.
class SharedPlacesTest {
    private static final Duration WAIT = Duration.ofSeconds(10);
    private static final Asker ASKER = new Asker(new UUID(1, 1), "0123456789abcdef");

    private long now = 7;
    private final SharedState shared = new InProcessSharedState(() -> now);
    private final One first = new One("gateway-1");
    private final One second = new One("gateway-2");

    private final class One {
        private final PromisedPlaces places = new PromisedPlaces(() -> now);
        private final SharedPlaces exchange;

        One(String name) {
            this.exchange = new SharedPlaces(name, shared, places);
        }
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private void rounds() {
        first.exchange.round();
        second.exchange.round();
        first.exchange.round();
    }

    @Test
    void placeThatOneGatewayHasPromisedIsTakenAtAnother() {
        first.places.promise("m", ASKER, WAIT);
        pass(SharedPlaces.LATE);
        rounds();
        assertThat(second.places.take("m", ASKER)).as("too early").isFalse();
        pass(WAIT.minus(SharedPlaces.LATE));

        assertThat(second.places.due("m")).isEqualTo(1);
        assertThat(second.places.take("m", ASKER)).isTrue();
        assertThat(second.places.take("m", ASKER)).isFalse();
    }

    @Test
    void placeThatIsTakenIsTakenEverywhere() {
        var third = new One("gateway-3");
        first.places.promise("m", ASKER, WAIT);
        rounds();
        third.exchange.round();
        pass(WAIT);
        assertThat(second.places.take("m", ASKER)).isTrue();
        second.exchange.round();
        third.exchange.round();
        rounds();
        third.exchange.round();

        assertThat(third.places.take("m", ASKER)).isFalse();
        assertThat(first.places.take("m", ASKER)).isFalse();
        assertThat(first.places.due("m")).isZero();
    }

    @Test
    void whatAGatewayHasPromisedOutlivesIt() {
        first.places.promise("m", ASKER, WAIT);
        first.exchange.close();
        pass(Duration.ofSeconds(1));
        for (int i = 0; i < 9; i++) {
            second.exchange.round();
            pass(Duration.ofSeconds(1));
        }

        assertThat(second.places.take("m", ASKER)).isTrue();
        second.exchange.round();
        assertThat(second.places.take("m", ASKER)).isFalse();
    }

    @Test
    void promisesAreOverEverywhere() {
        first.places.promise("m", ASKER, WAIT);
        rounds();
        pass(WAIT.plus(PromisedPlaces.KEPT));
        assertThat(second.places.due("m")).isEqualTo(1);
        pass(SharedPlaces.LATE);
        rounds();

        assertThat(first.places.take("m", ASKER)).isFalse();
        assertThat(second.places.take("m", ASKER)).isFalse();
        rounds();
        assertThat(shared.all(SharedPlaces.TABLE).values())
                .allMatch(text -> text.equals(ToldPlaces.NONE.text()));
    }

    @Test
    void gatewayThatHasPromisedNothingTellsNothing() {
        rounds();

        assertThat(shared.all(SharedPlaces.TABLE)).isEmpty();
    }

    @Test
    void wordsThatCannotBeReadDoNoHarm() {
        shared.put(SharedPlaces.TABLE, "gateway-9", "{\"given\":[null]}", WAIT);
        shared.put(SharedPlaces.TABLE, "gateway-8", "nonsense", WAIT);
        first.places.promise("m", ASKER, WAIT);
        rounds();
        pass(WAIT);

        assertThat(second.places.take("m", ASKER)).isTrue();
    }
}
