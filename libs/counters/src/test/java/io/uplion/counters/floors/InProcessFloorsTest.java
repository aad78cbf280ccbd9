// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.floors;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.platform.identity.Subject;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class InProcessFloorsTest extends FloorsContract {
    private static final Subject KEY = Subject.key(new UUID(1, 1));

    private final Shared store = new Shared(new InProcessFloors(System::nanoTime));

    /// Begins where the count overflows: it may do so at any time.
    private long now = Long.MAX_VALUE - 5;

    private final Floors timed = new InProcessFloors(() -> now);

    @Override
    protected Floors client() {
        return store;
    }

    @Test
    void floorsAndValuesRunOut() {
        timed.raise(List.of(new Floor(KEY, 5, true)));
        timed.keep(List.of(new Kept("a", 1, 1, "text")));

        now += Floors.LIFE.toNanos() - 1;
        assertThat(timed.read(Reading.Mark.START).floors()).hasSize(1);
        assertThat(timed.kept(Set.of("a"))).hasSize(1);
        now++;
        assertThat(timed.read(Reading.Mark.START).floors()).isEmpty();
        assertThat(timed.kept(Set.of("a"))).isEmpty();
    }

    /// Closed by nobody, because all share it.
    private record Shared(Floors floors) implements Floors {
        @Override
        public String incarnation() {
            return floors.incarnation();
        }

        @Override
        public void raise(Collection<Floor> raised) {
            floors.raise(raised);
        }

        @Override
        public void vouch(String incarnation, Duration life) {
            floors.vouch(incarnation, life);
        }

        @Override
        public Reading read(Reading.Mark since) {
            return floors.read(since);
        }

        @Override
        public void keep(Collection<Kept> values) {
            floors.keep(values);
        }

        @Override
        public Map<String, String> kept(Set<String> names) {
            return floors.kept(names);
        }

        @Override
        public void close() {}
    }
}
