// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.broker;

import io.uplion.queue.UsageQueue;
import io.uplion.queue.UsageQueueContract;
import io.uplion.queue.pulsar.PulsarUsage;
import io.uplion.task.UsageRecord;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

class PulsarUsageContractIT extends UsageQueueContract {
    private Rig rig;

    @Override
    protected UsageQueue open() {
        if (rig == null) {
            rig = Rig.shared(LocalBroker.shared());
            rig.topics.prepare();
        }
        return new PulsarUsage(rig.connection);
    }

    @Override
    protected void close(UsageQueue opened) {
        ((PulsarUsage) opened).close();
    }

    @Override
    protected List<UsageRecord> everything() {
        var records = new ArrayList<UsageRecord>();
        try (var reader = new PulsarUsage(rig.connection)) {
            reader.read(records::add);
        }
        return records;
    }

    @AfterEach
    void closeRig() {
        if (rig != null) {
            rig.close();
        }
    }
}
