// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.reply;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class IntakeTest {
    private static final int BOUND = 256 << 10;
    private static final int FRAME = 1000;

    private final Intake intake = new Intake();
    private final Queue<Integer> portions = new ArrayDeque<>();

    /// Reads as long as it may.
    private int readAll() {
        int read = 0;
        do {
            read += FRAME;
            int portion = intake.read(FRAME);
            if (portion > 0) {
                portions.add(portion);
            }
        } while (intake.mayRead() && read < 100 << 20);
        return read;
    }

    @Test
    void nothingIsReadBeyondTheBound() {
        assertThat(readAll()).isBetween(BOUND, BOUND + FRAME);
    }

    @Test
    void readingGoesOnOnceAndWhenThereIsRoom() {
        readAll();
        assertThat(intake.taken(portions.remove())).isTrue();
        assertThat(intake.taken(portions.remove())).isFalse();

        assertThat(readAll()).isGreaterThan(32 << 10);
    }

    @Test
    void oneLargeAnswerIsReadAndThenTheLoopIsWaitedFor() {
        int large = 64 << 20;
        assertThat(intake.read(large)).isEqualTo(large);
        assertThat(intake.mayRead()).isFalse();
        assertThat(intake.taken(large)).isTrue();
        assertThat(intake.mayRead()).isTrue();
    }

    @Test
    void loopIsAskedOnceForManySmallFrames() {
        for (int i = 0; i < 32; i++) {
            assertThat(intake.read(FRAME)).isZero();
        }
        assertThat(intake.read(FRAME)).isEqualTo(33 * FRAME);
    }

    @Test
    void loopThatKeepsUpIsNeverWaitedFor() {
        for (int i = 0; i < 100_000; i++) {
            int portion = intake.read(FRAME);
            assertThat(intake.mayRead()).isTrue();
            if (portion > 0) {
                assertThat(intake.taken(portion)).isFalse();
            }
        }
    }
}
