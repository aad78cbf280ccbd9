// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.pulsar;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.queue.pulsar.Known.Arrival;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.impl.MessageIdImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KnownTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final MessageId FIRST = new MessageIdImpl(1, 1, -1);

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final Known known = new Known(timer);
    private final List<MessageId> mine = new CopyOnWriteArrayList<>();
    private final List<MessageId> others = new CopyOnWriteArrayList<>();

    @AfterEach
    void stopTimer() {
        timer.shutdownNow();
    }

    private void awaitHandedBack(List<MessageId> by) {
        Await.until("handed back", LIMIT, () -> by.contains(FIRST));
    }

    @Test
    void acknowledgedMessageIsAcknowledgedAgain() {
        assertThat(known.arrived(FIRST, mine::add)).isEqualTo(Arrival.DELIVER);
        known.acknowledged(FIRST);

        assertThat(known.arrived(new MessageIdImpl(1, 1, -1), mine::add))
                .isEqualTo(Arrival.ACKNOWLEDGE);
    }

    @Test
    void messageThatRunsIsNotDeliveredASecondTime() {
        known.arrived(FIRST, mine::add);

        assertThat(known.arrived(FIRST, others::add)).isEqualTo(Arrival.PASS_OVER);

        awaitHandedBack(others);
        assertThat(mine).isEmpty();
    }

    @Test
    void messageThatIsHandedBackIsDeliveredAgain() {
        known.arrived(FIRST, mine::add);
        known.handedBack(FIRST, mine::add, Duration.ofMillis(1));
        awaitHandedBack(mine);

        assertThat(known.arrived(FIRST, mine::add)).isEqualTo(Arrival.DELIVER);
    }

    @Test
    void messageThatRestsRestsOnWhereItArrivesNow() {
        var start = System.nanoTime();
        known.arrived(FIRST, mine::add);
        known.handedBack(FIRST, mine::add, Duration.ofMillis(100));

        assertThat(known.arrived(FIRST, others::add)).isEqualTo(Arrival.PASS_OVER);

        awaitHandedBack(others);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(100_000_000);
        assertThat(mine).isEmpty();
    }

    @Test
    void messageWhoseRestIsOverIsDelivered() {
        timer.shutdownNow();
        known.arrived(FIRST, mine::add);
        known.handedBack(FIRST, mine::add, Duration.ZERO);

        assertThat(known.arrived(FIRST, mine::add)).isEqualTo(Arrival.DELIVER);
    }

    @Test
    void memoryOfTheAcknowledgedIsBounded() {
        for (int entry = 0; entry < 20_000; entry++) {
            known.acknowledged(new MessageIdImpl(2, entry, -1));
        }

        assertThat(known.arrived(new MessageIdImpl(2, 19_999, -1), mine::add))
                .isEqualTo(Arrival.ACKNOWLEDGE);
        assertThat(known.arrived(new MessageIdImpl(2, 0, -1), mine::add))
                .isEqualTo(Arrival.DELIVER);
    }
}
