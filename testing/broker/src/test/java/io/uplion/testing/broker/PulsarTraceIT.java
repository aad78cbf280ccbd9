// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.broker;

import io.uplion.catalog.TopicName;
import io.uplion.queue.TaskQueue;
import io.uplion.queue.Topics;
import io.uplion.queue.TraceContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;

class PulsarTraceIT extends TraceContract {
    private static final String TOPIC = "uplion/tasks/" + TopicName.of(MODEL);

    private static final int WORKERS = 3;

    private Rig rig;
    private final List<Rig> workers = new ArrayList<>();

    @Override
    protected TaskQueue open() {
        rig = Rig.shared(LocalBroker.shared());
        rig.topics.prepare();
        rig.topics.deleteTopic(MODEL);
        return rig.tasks;
    }

    /// Each with a connection of its own, as the broker sees it another process.
    @Override
    protected List<TaskQueue> processes() {
        while (workers.size() < WORKERS) {
            workers.add(new Rig(LocalBroker.shared()));
        }
        return Stream.concat(Stream.of(rig), workers.stream())
                .<TaskQueue>map(one -> one.tasks)
                .toList();
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
        workers.forEach(Rig::close);
        if (rig != null) {
            rig.close();
        }
    }
}
