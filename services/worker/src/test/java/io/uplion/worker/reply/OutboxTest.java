// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.reply;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.task.FromWorker;
import io.uplion.task.wire.ReplyWire;
import io.uplion.task.wire.v1.WorkerMessage;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private final Outbox outbox = new Outbox(1000);

    private static WorkerMessage event(int bytes) {
        return ReplyWire.write(new FromWorker.Event(new byte[bytes], 0));
    }

    @Test
    void messagesComeOutInTheirOrder() {
        var first = event(1);
        var second = event(2);
        outbox.add(first);
        outbox.add(second);

        assertThat(outbox.poll()).isSameAs(first);
        assertThat(outbox.poll()).isSameAs(second);
        assertThat(outbox.poll()).isNull();
        assertThat(outbox.isEmpty()).isTrue();
    }

    @Test
    void manySmallOnesAreTooMuchTogether() {
        for (int i = 0; i < 10; i++) {
            outbox.add(event(90));
        }
        assertThat(outbox.isTooFull()).isFalse();
        outbox.add(event(90));
        outbox.add(event(90));
        assertThat(outbox.isTooFull()).isTrue();
    }

    @Test
    void oneLargeOneIsNot() {
        outbox.add(event(900));
        outbox.add(event(100_000));
        assertThat(outbox.isTooFull()).isFalse();
    }

    @Test
    void twoLargeOnesAre() {
        outbox.add(event(100_000));
        outbox.add(event(100_000));
        assertThat(outbox.isTooFull()).isTrue();
    }

    @Test
    void whatIsGoneCountsNoLonger() {
        for (int i = 0; i < 100; i++) {
            outbox.add(event(900));
            assertThat(outbox.isTooFull()).isFalse();
            outbox.poll();
        }
    }

    @Test
    void largeOneThatIsGoneExcusesNoOther() {
        outbox.add(event(100_000));
        outbox.poll();
        outbox.add(event(900));
        outbox.add(event(900));
        outbox.add(event(900));
        assertThat(outbox.isTooFull()).isTrue();
    }
}
