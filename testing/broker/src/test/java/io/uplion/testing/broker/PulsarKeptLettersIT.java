// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.broker;

import io.uplion.queue.DeadLetters;
import io.uplion.queue.KeptLetters;
import io.uplion.queue.KeptLettersContract;
import io.uplion.queue.pulsar.PulsarAdmin;
import io.uplion.queue.pulsar.PulsarKeptLetters;
import io.uplion.queue.pulsar.PulsarLetters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class PulsarKeptLettersIT extends KeptLettersContract {
    private Rig rig;
    private PulsarAdmin admin;
    private PulsarLetters letters;

    @BeforeEach
    void open() {
        var broker = LocalBroker.shared();
        rig = Rig.shared(broker);
        admin = new PulsarAdmin(broker.adminUrl());
        letters = new PulsarLetters(rig.connection);
        rig.topics.prepare();
    }

    @AfterEach
    void close() {
        if (rig != null) {
            letters.close();
            admin.close();
            rig.close();
        }
    }

    @Override
    protected DeadLetters writer(String... models) {
        for (var model : models) {
            rig.topics.createTopic(model);
        }
        return letters;
    }

    @Override
    protected KeptLetters reader() {
        return new PulsarKeptLetters(rig.connection, admin);
    }
}
