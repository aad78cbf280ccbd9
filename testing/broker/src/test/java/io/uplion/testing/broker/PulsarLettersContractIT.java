// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.broker;

import io.uplion.catalog.TopicName;
import io.uplion.queue.DeadLetters;
import io.uplion.queue.DeadLettersContract;
import io.uplion.queue.KeptLetters.KeptLetter;
import io.uplion.queue.pulsar.PulsarAdmin;
import io.uplion.queue.pulsar.PulsarKeptLetters;
import io.uplion.queue.pulsar.PulsarLetters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClient;
import org.junit.jupiter.api.AfterEach;

class PulsarLettersContractIT extends DeadLettersContract {
    private Rig rig;

    @Override
    protected DeadLetters open() {
        if (rig == null) {
            rig = Rig.shared(LocalBroker.shared());
            rig.topics.prepare();
            rig.topics.createTopic(model);
            rig.topics.createTopic(another);
        }
        return new PulsarLetters(rig.connection);
    }

    @Override
    protected void close(DeadLetters opened) {
        ((PulsarLetters) opened).close();
    }

    @Override
    protected List<Found> read(String model) {
        var found = new ArrayList<Found>();
        try (var admin = new PulsarAdmin(LocalBroker.shared().adminUrl())) {
            new PulsarKeptLetters(rig.connection, admin)
                    .read(
                            letter -> {
                                if (letter.model().equals(model)) {
                                    found.add(found(letter));
                                }
                            });
        }
        return found;
    }

    private static Found found(KeptLetter letter) {
        return new Found(
                letter.requestId(),
                letter.model(),
                letter.headers(),
                new String(letter.body(), StandardCharsets.UTF_8),
                letter.failure().pool(),
                letter.failure().reason(),
                letter.failure().writtenAt());
    }

    /// Past our own code: as somebody who may read the topic.
    @Override
    protected String stored(String model) throws IOException {
        var url = LocalBroker.shared().serviceUrl();
        var topic = "persistent://uplion/dead/" + TopicName.of(model);
        var all = new StringBuilder();
        try (var client = PulsarClient.builder().serviceUrl(url).build();
                var reader =
                        client.newReader()
                                .topic(topic)
                                .startMessageId(MessageId.earliest)
                                .create()) {
            while (reader.hasMessageAvailable()) {
                var message = reader.readNext();
                all.append(message.getProperties())
                        .append(message.getKey())
                        .append(new String(message.getData(), StandardCharsets.UTF_8));
            }
        }
        return all.toString();
    }

    @AfterEach
    void closeRig() {
        if (rig != null) {
            rig.close();
        }
    }
}
