// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.broker;

import io.uplion.queue.TaskQueue;
import io.uplion.queue.TaskQueueContract;
import io.uplion.queue.Topics;
import org.junit.jupiter.api.AfterEach;

class PulsarTasksIT extends TaskQueueContract {
    private Rig rig;

    @Override
    protected TaskQueue open() {
        rig = Rig.shared(LocalBroker.shared());
        rig.topics.prepare();
        rig.topics.deleteTopic(MODEL);
        rig.topics.deleteTopic("another-model");
        return rig.tasks;
    }

    @Override
    protected Topics topics() {
        return rig.topics;
    }

    @AfterEach
    void closeRig() {
        if (rig != null) {
            rig.close();
        }
    }

    /// Through a broker each takes milliseconds.
    @Override
    protected int deadTasks() {
        return 300;
    }
}
