// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.broker;

import io.uplion.catalog.TopicName;
import io.uplion.queue.TaskQueue;
import io.uplion.queue.Topics;
import io.uplion.queue.TraceContract;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;

class PulsarTraceIT extends TraceContract {
    private static final String TOPIC = "uplion/tasks/" + TopicName.of(MODEL);

    private Rig rig;

    @Override
    protected TaskQueue open() {
        rig = Rig.shared(LocalBroker.shared());
        rig.topics.prepare();
        rig.topics.deleteTopic(MODEL);
        return rig.tasks;
    }

    @Override
    protected Topics topics() {
        return rig.topics;
    }

    @Override
    protected int traces() {
        return 8;
    }

    @Override
    protected int steps() {
        return 120;
    }

    /// Mostly the topic moves; now and then the broker stops, or is killed.
    @Override
    protected void disturb(Random random) {
        if (random.nextInt(16) > 0) {
            LocalBroker.shared().unload(TOPIC);
        } else {
            restart(random.nextBoolean());
        }
    }

    private static void restart(boolean inGoodOrder) {
        if (inGoodOrder) {
            LocalBroker.shared().restart();
        } else {
            LocalBroker.shared().killAndAwait();
        }
    }

    @AfterEach
    void closeRig() {
        if (rig != null) {
            rig.close();
        }
    }
}
