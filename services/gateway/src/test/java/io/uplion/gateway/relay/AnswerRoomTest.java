// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AnswerRoomTest {
    private static final int LIMIT = 10 << 20;

    private final AnswerRoom room = new AnswerRoom(LIMIT);
    private final AnswerRoom.Share first = room.share();
    private final AnswerRoom.Share second = room.share();

    @Test
    void thereIsRoomUpToTheLimit() {
        assertThat(first.hold(LIMIT / 2)).isTrue();
        assertThat(second.hold(LIMIT / 2)).isTrue();
        assertThat(second.hold(LIMIT / 2 + 1)).isFalse();
        assertThat(room.held()).isEqualTo(LIMIT);

        assertThat(first.hold(LIMIT / 4)).isTrue();
        assertThat(second.hold(LIMIT / 2 + 1)).isTrue();
    }

    @Test
    void whereNothingElseIsHeldThereIsRoomForAnyAnswer() {
        assertThat(first.hold(LIMIT * 5)).isTrue();
        assertThat(first.hold(LIMIT * 6)).isTrue();
        assertThat(second.hold(AnswerRoom.SMALL_BYTES + 1)).isFalse();
    }

    @Test
    void whoIsHardlyBehindIsNotCounted() {
        assertThat(first.hold(LIMIT)).isTrue();
        assertThat(second.hold(AnswerRoom.SMALL_BYTES)).isTrue();
        assertThat(room.held()).isEqualTo(LIMIT);
    }

    @Test
    void nothingIsLeftWhenAllWasTaken() {
        first.hold(LIMIT / 2);
        second.hold(LIMIT / 4);
        first.hold(0);
        second.hold(1);
        assertThat(room.held()).isZero();
    }
}
