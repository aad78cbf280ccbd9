// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.catalog.live.PoolStatus;
import io.uplion.catalog.live.PoolStatus.State;
import io.uplion.catalog.live.TestTime;
import io.uplion.counters.BreakableState;
import io.uplion.counters.SharedStateException;
import io.uplion.openai.Endpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PoolStatusesTest {
    private static final Duration REST = Duration.ofSeconds(30);

    private final TestTime time = new TestTime();
    private final BreakableState store = new BreakableState(time::nanoTime);
    private final CatalogPublisher controller = new CatalogPublisher(store);
    private final SharedCatalog one = new SharedCatalog(store, time, time::nanoTime);
    private final SharedCatalog other = new SharedCatalog(store, time, time::nanoTime);

    @BeforeEach
    void publish() {
        controller.publish(List.of(Sample.pool("a")));
        controller.report("a", PoolState.of(PoolStatus.RUNNING));
        second();
    }

    private void second() {
        time.pass(Duration.ofSeconds(1));
        controller.round();
        one.round();
        other.round();
    }

    private PoolStatus resting() {
        return resting(time.instant().plus(REST));
    }

    private static PoolStatus resting(Instant until) {
        return new PoolStatus(State.RUNNING, "QuotaExceeded", "slow down", 429, Optional.of(until));
    }

    private static PoolStatus seen(SharedCatalog gateway) {
        return gateway.find("a").pools().getFirst().status();
    }

    @Test
    void troubleCountsHereAtOnceAndForTheOthersWithTheNextRound() {
        var status = resting();

        one.statuses().troubled("a", status);
        assertThat(seen(one)).isEqualTo(status);
        assertThat(seen(other)).isEqualTo(PoolStatus.RUNNING);

        second();
        assertThat(seen(one)).isEqualTo(status);
        assertThat(seen(other)).isEqualTo(status);
        assertThat(other.find("a").outage(Endpoint.CHAT, time.instant())).contains(status);
    }

    @Test
    void anAnswerThatBeginsAfterTheTroubleClearsItForAll() {
        one.statuses().troubled("a", resting());
        second();
        time.pass(Duration.ofSeconds(40));

        other.statuses().committed("a", time.nanoTime());
        assertThat(seen(other)).isEqualTo(PoolStatus.RUNNING);

        second(); // One has done its round before the other does.
        second();
        assertThat(seen(one)).isEqualTo(PoolStatus.RUNNING);
        assertThat(seen(other)).isEqualTo(PoolStatus.RUNNING);
        assertThat(store.all(Tables.TROUBLES)).isEmpty();
    }

    @Test
    void anAttemptThatIsOlderThanTheTroubleClearsNothing() {
        var granted = time.nanoTime();
        time.pass(Duration.ofMillis(1));
        var status = resting();
        one.statuses().troubled("a", status);

        one.statuses().committed("a", granted);
        second();
        other.statuses().committed("a", granted);
        second();

        assertThat(seen(one)).isEqualTo(status);
        assertThat(seen(other)).isEqualTo(status);
    }

    @Test
    void answersOfAPoolThatIsWellAskNobody() {
        var before = store.calls();

        for (var i = 0; i < 1000; i++) {
            one.statuses().committed("a", time.nanoTime());
        }

        assertThat(store.calls()).isEqualTo(before);
    }

    @Test
    void theSameTroubleIsToldOnce() {
        var status = resting();
        one.statuses().troubled("a", status);
        second();
        var granted = time.nanoTime() - 1;
        one.statuses().troubled("a", status);

        one.statuses().committed("a", granted);

        assertThat(seen(one)).as("known since before the grant").isEqualTo(PoolStatus.RUNNING);
    }

    @Test
    void newerTroubleStandsInPlaceOfTheOld() {
        one.statuses().troubled("a", resting());
        second();
        var longer = resting(time.instant().plus(Duration.ofMinutes(5)));
        other.statuses().troubled("a", longer);
        second(); // One has done its round before the other does.
        second();

        assertThat(seen(one)).isEqualTo(longer);
        assertThat(seen(other)).isEqualTo(longer);
    }

    @Test
    void troubleRunsOutAMinuteAfterThePoolMayBeAsked() {
        one.statuses().troubled("a", resting());
        second();

        time.pass(REST.plusSeconds(57));
        second();
        assertThat(seen(other).reason()).isEqualTo("QuotaExceeded");
        assertThat(other.find("a").outage(Endpoint.CHAT, time.instant()))
                .as("it may be asked")
                .isEmpty();

        time.pass(Duration.ofSeconds(2));
        second();
        assertThat(seen(one)).isEqualTo(PoolStatus.RUNNING);
        assertThat(seen(other)).isEqualTo(PoolStatus.RUNNING);
    }

    @Test
    void troubleThatComesWhileTheOthersAreHeardStands() {
        var status = resting();
        store.duringTheNextRead(() -> one.statuses().troubled("a", status));
        one.round();
        assertThat(seen(one)).isEqualTo(status);

        second();
        assertThat(seen(one)).isEqualTo(status);
        assertThat(seen(other)).isEqualTo(status);
    }

    @Test
    void anAnswerThatBeginsWhileTheOthersAreHeardStands() {
        one.statuses().troubled("a", resting());
        second();
        time.pass(REST);
        store.duringTheNextRead(() -> one.statuses().committed("a", time.nanoTime()));
        one.round();
        assertThat(seen(one)).isEqualTo(PoolStatus.RUNNING);

        second();
        assertThat(seen(one)).isEqualTo(PoolStatus.RUNNING);
        assertThat(seen(other)).isEqualTo(PoolStatus.RUNNING);
    }

    @Test
    void troubleIsToldWhenTheStoreIsBack() {
        store.goDown();
        var status = resting();
        one.statuses().troubled("a", status);
        assertThatThrownBy(one::round).isInstanceOf(SharedStateException.class);
        assertThat(seen(one)).isEqualTo(status);

        store.comeBackEmpty();
        second();
        assertThat(seen(one)).isEqualTo(status);
        second();
        assertThat(seen(other)).isEqualTo(status);
    }

    @Test
    void troubleThatEndedWhileTheStoreWasAwayIsNotTold() {
        store.goDown();
        one.statuses().troubled("a", resting(time.instant().minus(Duration.ofHours(1))));
        store.comeBack();
        second();

        assertThat(store.all(Tables.TROUBLES)).isEmpty();
        assertThat(seen(one)).isEqualTo(PoolStatus.RUNNING);
    }

    @Test
    void noTimeIsTooFarAwayToBeTold() {
        for (var until : List.of(Instant.MAX, Instant.MIN)) {
            one.statuses().troubled("a", resting(until));
            second();
        }
        one.statuses().troubled("a", resting(Instant.MAX));
        second();
        second();

        assertThat(seen(other).retryAt()).contains(Instant.MAX);
    }

    @Test
    void aCorrectedManifestHeals() {
        one.statuses().troubled("a", resting());
        second();

        controller.publish(List.of(Sample.pool("a", "a", 9)));
        second();

        assertThat(seen(one)).isEqualTo(PoolStatus.RUNNING);
        assertThat(seen(other)).isEqualTo(PoolStatus.RUNNING);
    }

    @Test
    void whereNoWorkerCanStartThatIsThePoolsStatus() {
        one.statuses().troubled("a", resting());
        var failed = PoolStatus.failed("ConfigurationError", "no such file");
        controller.report("a", PoolState.of(failed));
        second();

        assertThat(seen(one)).isEqualTo(failed);
        assertThat(seen(other)).isEqualTo(failed);
    }

    @Test
    void troubleOfAPoolThatIsNotHereChangesNothing() {
        one.statuses().troubled("gone", resting());
        second();

        assertThat(one.models()).hasSize(1);
        assertThat(seen(one)).isEqualTo(PoolStatus.RUNNING);
    }

    @Test
    void wordsOfAProviderAreBounded() {
        var status = new PoolStatus(State.FAILED, "x", "m".repeat(1 << 20), 500, Optional.empty());
        one.statuses().troubled("a", status);
        second();

        assertThat(store.all(Tables.TROUBLES).get("a")).hasSizeLessThan(2000);
        assertThat(seen(other).state()).isEqualTo(State.FAILED);
    }
}
