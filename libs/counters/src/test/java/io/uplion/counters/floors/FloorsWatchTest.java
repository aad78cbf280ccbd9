// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.floors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.counters.SharedStateException;
import io.uplion.platform.identity.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FloorsWatchTest {
    private static final Subject KEY = Subject.key(new UUID(1, 1));
    private static final Subject USER = Subject.user(new UUID(2, 2));
    private static final Duration LONG = Duration.ofMinutes(10);

    private long now;
    private final InProcessFloors floors = new InProcessFloors(() -> now);
    private final List<Set<Subject>> ended = new ArrayList<>();
    private final FloorsWatch watch = FloorsWatch.idle(floors, ended::add, () -> now);

    @Test
    void whatWasRaisedIsKnownAfterTheNextLook() {
        floors.raise(List.of(new Floor(KEY, 5, true), new Floor(USER, 6, false)));
        assertThat(watch.floor(KEY)).isZero();

        watch.look();

        assertThat(watch.floor(KEY)).isEqualTo(5);
        assertThat(watch.floor(USER)).isEqualTo(6);
        assertThat(watch.hasEnded(KEY)).isTrue();
        assertThat(watch.hasEnded(USER)).isFalse();
    }

    /// A task that came between a revocation and the first telling is stopped by the next.
    @Test
    void theEndedAreToldAgainAndAgainUntilTheyMayGoOn() {
        floors.raise(List.of(new Floor(KEY, 5, true)));
        watch.look();
        watch.look();
        floors.raise(List.of(new Floor(KEY, 6, false)));
        watch.look();

        assertThat(ended).containsExactly(Set.of(KEY), Set.of(KEY));
    }

    @Test
    void whoeverComesLaterIsToldOfThoseWhoEndedBefore() {
        floors.raise(List.of(new Floor(KEY, 5, true)));
        watch.look();
        var later = new ArrayList<Set<Subject>>();
        watch.tell(later::add);
        watch.look();

        assertThat(later).containsExactly(Set.of(KEY));
        assertThat(ended).containsExactly(Set.of(KEY));
    }

    @Test
    void aWordHoldsOnlyAsLongAsTheReadingIsYoung() {
        watch.look();
        assertThat(watch.isVouched()).isFalse();
        floors.vouch(floors.incarnation(), LONG);
        watch.look();
        assertThat(watch.isVouched()).isTrue();

        now += Duration.ofSeconds(2).toNanos();

        assertThat(watch.isVouched()).isFalse();
    }

    @Test
    void aStoreThatIsAwayTakesTheWordAndNoFloor() {
        floors.raise(List.of(new Floor(KEY, 5, true)));
        floors.vouch(floors.incarnation(), LONG);
        watch.look();
        floors.close();

        assertThatThrownBy(watch::look).isInstanceOf(SharedStateException.class);

        assertThat(watch.isVouched()).isFalse();
        assertThat(watch.floor(KEY)).isEqualTo(5);
        assertThat(ended).as("told also while the store is away").hasSize(2);
    }

    @Test
    void aFloorIsForgottenAfterItsLife() {
        floors.raise(List.of(new Floor(KEY, 5, true)));
        watch.look();
        now += Floors.LIFE.toNanos() + 1;

        watch.look();

        assertThat(watch.floor(KEY)).isZero();
    }
}
