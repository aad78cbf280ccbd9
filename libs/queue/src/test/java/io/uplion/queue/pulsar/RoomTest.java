// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.pulsar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.queue.TaskQueue.QueueException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RoomTest {
    private final Room room = new Room(100, Duration.ofSeconds(30));
    private final List<CompletableFuture<String>> begun = new ArrayList<>();

    private CompletableFuture<String> enter(Room where, long size) {
        return where.within(
                size,
                () -> {
                    var work = new CompletableFuture<String>();
                    begun.add(work);
                    return work;
                });
    }

    private CompletableFuture<String> enter(long size) {
        return enter(room, size);
    }

    @Test
    void whatFitsBeginsAtOnceAndTheRestInTurn() {
        enter(60);
        enter(30);
        var third = enter(60);
        enter(5);
        assertThat(begun).as("nobody overtakes").hasSize(2);

        begun.getFirst().complete("one");

        assertThat(begun).hasSize(4);
        begun.get(2).complete("three");
        assertThat(third).isCompletedWithValue("three");
    }

    @Test
    void whatIsLargerThanTheRoomGoesAlone() {
        enter(1);
        enter(1000);
        enter(1);
        assertThat(begun).hasSize(1);
        begun.getFirst().complete("");
        assertThat(begun).hasSize(2);
        begun.get(1).complete("");
        assertThat(begun).hasSize(3);
    }

    @Test
    void workThatFailsMakesRoomToo() {
        var failed = enter(100);
        enter(100);
        begun.getFirst().completeExceptionally(new QueueException("no"));

        assertThatThrownBy(failed::join).hasCauseInstanceOf(QueueException.class);
        assertThat(begun).hasSize(2);
        CompletableFuture<String> thrown =
                new Room(1, Duration.ofSeconds(1))
                        .within(
                                1,
                                () -> {
                                    throw new IllegalStateException("at once");
                                });
        assertThatThrownBy(thrown::join).hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void whoseTurnDoesNotComeIsToldAndTakesNoRoom() {
        var small = new Room(100, Duration.ofMillis(20));
        enter(small, 100);
        var waited = enter(small, 100).orTimeout(10, TimeUnit.SECONDS);

        assertThatThrownBy(waited::join)
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining("took too long");
        begun.getFirst().complete("");
        enter(small, 100);
        assertThat(begun).hasSize(2);
    }
}
