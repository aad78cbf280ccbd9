// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.pulsar;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.queue.pulsar.Known.Arrival;
import io.uplion.queue.pulsar.Known.Carried;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pulsar.client.impl.MessageIdImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KnownTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final UUID TASK = new UUID(1, 1);

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final Known known = new Known(timer);
    private final AtomicInteger first = new AtomicInteger();
    private final AtomicInteger second = new AtomicInteger();

    @AfterEach
    void stopTimer() {
        timer.shutdownNow();
    }

    private static Carried message(long entry, AtomicInteger handedBack) {
        return new Carried(TASK, new MessageIdImpl(1, entry, -1), handedBack::incrementAndGet);
    }

    private static void awaitHandedBack(AtomicInteger handedBack) {
        Await.until("handed back", LIMIT, () -> handedBack.get() == 1);
    }

    @Test
    void taskThatWasAcknowledgedIsAcknowledgedAgainInWhateverMessageItComes() {
        assertThat(known.arrived(message(1, first))).isEqualTo(Arrival.DELIVER);
        known.acknowledged(TASK);

        assertThat(known.arrived(message(1, first))).isEqualTo(Arrival.ACKNOWLEDGE);
        assertThat(known.arrived(message(2, first))).isEqualTo(Arrival.ACKNOWLEDGE);
    }

    @Test
    void taskThatRunsIsNotDeliveredASecondTime() {
        known.arrived(message(1, first));

        assertThat(known.arrived(message(1, second))).isEqualTo(Arrival.PASS_OVER);

        awaitHandedBack(second);
        assertThat(first).hasValue(0);
    }

    @Test
    void taskThatIsHandedBackIsDeliveredAgain() {
        known.arrived(message(1, first));
        known.handedBack(message(1, first), Duration.ofMillis(1));
        awaitHandedBack(first);

        assertThat(known.arrived(message(1, first))).isEqualTo(Arrival.DELIVER);
    }

    /// The consumer that had the message has lost it to another one.
    @Test
    void taskThatRestsRestsOnWhereItArrivesNow() {
        var start = System.nanoTime();
        known.arrived(message(1, first));
        known.handedBack(message(1, first), Duration.ofMillis(100));

        assertThat(known.arrived(message(1, second))).isEqualTo(Arrival.PASS_OVER);

        awaitHandedBack(second);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(100_000_000);
        assertThat(first).hasValue(0);
    }

    @Test
    void otherMessageOfATaskThatRestsIsHandedBackToo() {
        known.arrived(message(1, first));
        known.handedBack(message(1, first), Duration.ofMillis(50));

        assertThat(known.arrived(message(2, second))).isEqualTo(Arrival.PASS_OVER);

        awaitHandedBack(first);
        awaitHandedBack(second);
    }

    @Test
    void taskWhoseRestIsOverIsDelivered() {
        timer.shutdownNow();
        known.arrived(message(1, first));
        known.handedBack(message(1, first), Duration.ZERO);

        assertThat(known.arrived(message(1, first))).isEqualTo(Arrival.DELIVER);
    }

    @Test
    void memoryOfTheAcknowledgedIsBounded() {
        for (int serial = 0; serial < 20_000; serial++) {
            known.acknowledged(new UUID(2, serial));
        }
        known.acknowledged(TASK);

        assertThat(known.arrived(message(1, first))).isEqualTo(Arrival.ACKNOWLEDGE);
        for (int serial = 0; serial < 10_000; serial++) {
            known.acknowledged(new UUID(3, serial));
        }
        assertThat(known.arrived(message(1, first))).isEqualTo(Arrival.DELIVER);
    }
}
