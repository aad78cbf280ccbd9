// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerMemoryTest {
    private static final long LIMIT = 10 << 20;

    private final AnswerMemory memory = new AnswerMemory(LIMIT);
    private final List<String> woken = new ArrayList<>();
    private final AnswerMemory.Share first = memory.share(() -> woken.add("first"));
    private final AnswerMemory.Share second = memory.share(() -> woken.add("second"));
    private final AnswerMemory.Share third = memory.share(() -> woken.add("third"));

    @Test
    void thereIsRoomUpToTheLimit() {
        assertThat(first.hold(LIMIT / 2)).isTrue();
        assertThat(second.hold(LIMIT / 2)).isTrue();
        assertThat(second.hold(LIMIT / 2 + 1)).isFalse();
        assertThat(memory.held()).isEqualTo(LIMIT + 1);
    }

    @Test
    void whoHasBeenAtItLongestGoesOn() {
        assertThat(first.hold(LIMIT)).isTrue();
        assertThat(second.hold(1 << 20)).isFalse();
        assertThat(first.hold(LIMIT * 5)).isTrue();
        assertThat(woken).isEmpty();

        first.release();
        assertThat(woken).containsExactly("second");
        assertThat(second.hold(LIMIT * 5)).isTrue();
        assertThat(memory.held()).isEqualTo(LIMIT * 5);
    }

    @Test
    void roomIsGivenInTurn() {
        first.hold(LIMIT);
        second.hold(LIMIT);
        third.hold(1 << 20);
        first.release();
        assertThat(woken).containsExactly("second");

        second.hold(LIMIT - (1 << 20));
        assertThat(woken).containsExactly("second", "third");
    }

    @Test
    void smallAnswersNeitherWaitNorCount() {
        first.hold(LIMIT);
        assertThat(second.hold(AnswerMemory.SMALL_BYTES)).isTrue();
        assertThat(memory.held()).isEqualTo(LIMIT);
        assertThat(second.hold(AnswerMemory.SMALL_BYTES + 1)).isFalse();
    }

    @Test
    void nothingIsLeftWhenAllHaveGone() {
        first.hold(LIMIT);
        second.hold(LIMIT);
        second.release();
        second.release();
        first.release();
        assertThat(memory.held()).isZero();
        assertThat(woken).isEmpty();
    }
}
