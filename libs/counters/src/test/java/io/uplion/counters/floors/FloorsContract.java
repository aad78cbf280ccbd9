// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.floors;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.platform.identity.Subject;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every adapter of [Floors] does.
public abstract class FloorsContract {
    private static final Duration LONG = Duration.ofMinutes(10);

    private final Subject key = Subject.key(UUID.randomUUID());
    private final Subject user = Subject.user(UUID.randomUUID());
    private final String name = UUID.randomUUID().toString();
    private Floors mine;
    private Floors others;

    /// A client of the store that all tests of a class share.
    protected abstract Floors client();

    @BeforeEach
    void open() {
        mine = client();
        others = client();
    }

    @AfterEach
    void close() {
        mine.close();
        others.close();
    }

    @Test
    void whatOneRaisesAllRead() {
        mine.raise(List.of(new Floor(key, 5, true), new Floor(user, 6, false)));

        assertThat(ours(others.read(Reading.Mark.START)))
                .containsExactlyInAnyOrder(new Floor(key, 5, true), new Floor(user, 6, false));
    }

    @Test
    void aFloorIsNeverLowered() {
        mine.raise(List.of(new Floor(key, 5, true)));
        others.raise(List.of(new Floor(key, 4, false), new Floor(key, 5, false)));

        assertThat(ours(mine.read(Reading.Mark.START))).containsExactly(new Floor(key, 5, true));

        others.raise(List.of(new Floor(key, 1L << 52, false)));

        assertThat(ours(mine.read(Reading.Mark.START)))
                .containsExactly(new Floor(key, 1L << 52, false));
    }

    @Test
    void aReaderGetsWhatIsNewAndNothingTwice() {
        var first = mine.read(Reading.Mark.START);
        others.raise(List.of(new Floor(key, 5, false)));
        var second = mine.read(first.next());
        others.raise(List.of(new Floor(user, 6, false), new Floor(key, 7, true)));
        others.raise(List.of(new Floor(user, 6, false)));
        var third = mine.read(second.next());

        assertThat(second.floors()).containsExactly(new Floor(key, 5, false));
        assertThat(third.floors())
                .containsExactlyInAnyOrder(new Floor(user, 6, false), new Floor(key, 7, true));
        assertThat(mine.read(third.next()).floors()).isEmpty();
    }

    @Test
    void aReaderOfAnotherStoreGetsEverything() {
        mine.raise(List.of(new Floor(key, 5, false)));
        var strange = new Reading.Mark("another", 1L << 40);

        assertThat(ours(mine.read(strange))).containsExactly(new Floor(key, 5, false));
    }

    @Test
    void noReaderMissesWhatIsRaisedWhileItReads() {
        var raisers =
                CompletableFuture.runAsync(
                        () -> {
                            for (var i = 1; i <= 300; i++) {
                                others.raise(List.of(new Floor(Subject.user(id(i)), i, false)));
                            }
                        });
        var seen = new ArrayList<Floor>();
        var mark = Reading.Mark.START;
        while (!raisers.isDone()) {
            var reading = mine.read(mark);
            mark = reading.next();
            seen.addAll(reading.floors());
        }
        seen.addAll(mine.read(mark).floors());

        for (var i = 1; i <= 300; i++) {
            assertThat(seen).containsOnlyOnce(new Floor(Subject.user(id(i)), i, false));
        }
    }

    private UUID id(long number) {
        return new UUID(key.id().getMostSignificantBits(), number);
    }

    @Test
    void aWordHoldsForAWhileAndForThisStoreOnly() {
        mine.vouch("another", LONG);
        assertThat(others.read(Reading.Mark.START).vouched()).isFalse();

        mine.vouch(others.incarnation(), LONG);
        assertThat(others.read(Reading.Mark.START).vouched()).isTrue();

        mine.vouch(others.incarnation(), Duration.ofMillis(50));
        Await.until(
                "the word has run out",
                Duration.ofSeconds(10),
                () -> !others.read(Reading.Mark.START).vouched());
    }

    @Test
    void aStoreIsOneAndTheSameForAll() {
        assertThat(mine.incarnation()).isNotEmpty().isEqualTo(others.incarnation());
        assertThat(mine.read(Reading.Mark.START).next().incarnation())
                .isEqualTo(others.incarnation());
    }

    @Test
    void anOlderValueNeverReplacesANewerOne() {
        mine.keep(List.of(new Kept(name, 7, 100, "new one {\"a\": \"b c\"}")));
        others.keep(List.of(new Kept(name, 6, 900, "older rank")));
        others.keep(List.of(new Kept(name, 7, 99, "older time")));

        assertThat(mine.kept(Set.of(name))).isEqualTo(Map.of(name, "new one {\"a\": \"b c\"}"));

        others.keep(List.of(new Kept(name, 7, 101, "as new"), new Kept(name + 2, 1, 1, "another")));

        assertThat(mine.kept(Set.of(name, name + 2, "nobody")))
                .isEqualTo(Map.of(name, "as new", name + 2, "another"));
    }

    @Test
    void nothingIsAskedForAndNothingAnswered() {
        mine.raise(List.of());
        mine.keep(List.of());

        assertThat(mine.kept(Set.of())).isEmpty();
    }

    /// Other tests share the store.
    private List<Floor> ours(Reading reading) {
        return reading.floors().stream()
                .filter(floor -> floor.subject().equals(key) || floor.subject().equals(user))
                .toList();
    }
}
