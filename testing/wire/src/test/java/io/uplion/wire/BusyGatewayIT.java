// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.openai.TokenUsage;
import io.uplion.task.FromGateway.Lost;
import io.uplion.task.FromWorker;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A gateway that does not look at what its workers say.
class BusyGatewayIT {
    private static final int FRAME = 16 << 10;
    private static final long READ_AHEAD = 256 << 10;

    private final Line line = Line.open();

    @AfterEach
    void stop() {
        line.gateway().busy(false);
        line.close();
    }

    private static FromWorker frame() {
        return new FromWorker.Event(new byte[FRAME], 0);
    }

    @Test
    void busyGatewayReadsNoFurtherThanItsBound() {
        var pair = line.granted();
        line.gateway().busy(true);
        for (int i = 0; i < 640; i++) {
            pair.send(frame());
        }

        var there = pair.gateway();
        there.await((int) (READ_AHEAD / FRAME));
        assertThat(there.count() * (long) FRAME).isLessThan(READ_AHEAD + 2 * FRAME);
        assertThat(pair.ear().count()).isEqualTo(1);
    }

    @Test
    void everythingIsHeardInOrderOnceItLooksAgain() {
        var pair = line.granted();
        line.gateway().busy(true);
        var events =
                IntStream.range(0, 20_000)
                        .mapToObj(i -> Samples.event("x".repeat(200) + i))
                        .toList();
        events.forEach(pair::send);
        pair.send(new FromWorker.End(TokenUsage.of(3, 4)));
        pair.worker().close();
        line.gateway().busy(false);
        pair.gateway().lookAtAll();

        var heard = pair.gateway().await(events.size() + 1);
        assertThat(heard.getLast()).isEqualTo(new FromWorker.End(TokenUsage.of(3, 4)));
        assertThat(Samples.texts(heard.subList(0, events.size()))).isEqualTo(Samples.texts(events));
        pair.gateway().awaitClosed(Duration.ofSeconds(5));
    }

    @Test
    void workerThatSaysTooMuchToABusyGatewayIsCut() {
        var pair = line.granted();
        line.gateway().busy(true);
        long sent = 0;
        while (pair.ear().count() < 2 && sent < 64 << 20) {
            pair.send(frame());
            sent += FRAME;
        }

        assertThat(pair.ear().await(2).getLast()).isEqualTo(new Lost(true));
        assertThat(sent).isGreaterThan(16 << 20);
        pair.gateway().awaitClosed(Duration.ofSeconds(5));
    }

    @Test
    void oneLargeAnswerIsNotTooMuch() {
        var pair = line.granted();
        line.gateway().busy(true);
        for (int i = 0; i < 640; i++) {
            pair.send(frame());
        }
        pair.send(new FromWorker.Answer(200, "application/json", Samples.bytes(40 << 20)));
        pair.send(new FromWorker.End(TokenUsage.of(3, 4)));
        line.gateway().busy(false);
        pair.gateway().lookAtAll();

        assertThat(pair.gateway().await(642).getLast())
                .isEqualTo(new FromWorker.End(TokenUsage.of(3, 4)));
        assertThat(pair.ear().count()).isEqualTo(1);
    }

    @Test
    void otherStreamsGoOn() {
        var busy = line.granted();
        line.gateway().busy(true);
        for (int i = 0; i < 40; i++) {
            busy.send(frame());
        }
        var other = line.granted();
        for (int i = 0; i < 100; i++) {
            other.send(Samples.event("" + i));
        }

        other.gateway().await(100);
        Await.until("nothing is lost", Duration.ofSeconds(5), () -> busy.ear().count() == 1);
    }
}
