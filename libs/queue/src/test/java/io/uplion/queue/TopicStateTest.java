// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.queue.TaskQueue.Depth;
import io.uplion.queue.TopicState.Ledger;
import io.uplion.queue.TopicState.Reading;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class TopicStateTest {
    /// Three pieces; handed out up to the fourth task of the first.
    private static final TopicState STATE =
            new TopicState(
                    20,
                    3,
                    4,
                    0,
                    new Reading(
                            0,
                            7,
                            4,
                            List.of(new Ledger(7, 10), new Ledger(9, 5), new Ledger(12, 2))));

    @Test
    void tasksThatWorkersHoldDoNotWait() {
        assertThat(STATE.depth()).isEqualTo(new Depth(17, 3));
    }

    @Test
    void countsOfDifferentMomentsAreNeverNegative() {
        assertThat(new TopicState(1, 2, 0, 0).depth()).isEqualTo(new Depth(0, 2));
    }

    @Test
    void taskThatWasHandedOutHasNoPlace() {
        assertThat(STATE.ahead(7, 3)).isEmpty();
        assertThat(STATE.ahead(5, 99)).isEmpty();
    }

    @Test
    void placeCountsFromWhereTheBrokerReads() {
        assertThat(STATE.ahead(7, 4)).isEqualTo(OptionalInt.of(0));
        assertThat(STATE.ahead(7, 9)).isEqualTo(OptionalInt.of(5));
    }

    @Test
    void placeCountsOverPieces() {
        assertThat(STATE.ahead(9, 0)).isEqualTo(OptionalInt.of(6));
        assertThat(STATE.ahead(12, 1)).isEqualTo(OptionalInt.of(6 + 5 + 1));
    }

    @Test
    void pieceThatIsYoungerThanTheStateIsBehindAllOthers() {
        assertThat(STATE.ahead(15, 3)).isEqualTo(OptionalInt.of(6 + 5 + 2 + 3));
    }

    @Test
    void tasksThatAreHandedOutAgainGoFirst() {
        var replaying =
                new TopicState(20, 3, 4, 0, new Reading(2, 7, 4, STATE.reading().ledgers()));

        assertThat(replaying.ahead(7, 4)).isEqualTo(OptionalInt.of(2));
    }

    @Test
    void topicThatWasNeverReadBeginsAtItsFirstTask() {
        var untouched =
                new TopicState(2, 0, 0, 0, new Reading(0, 7, -1, List.of(new Ledger(7, 2))));

        assertThat(untouched.ahead(7, 0)).isEqualTo(OptionalInt.of(0));
        assertThat(untouched.ahead(7, 1)).isEqualTo(OptionalInt.of(1));
    }
}
