// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.broker;

import io.uplion.catalog.TopicName;
import io.uplion.queue.DeadLetters;
import io.uplion.queue.DeadLetters.DeadLetter;
import io.uplion.queue.DeadLettersContract;
import io.uplion.queue.pulsar.PulsarLetters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
        try (var reader = new PulsarLetters(rig.connection)) {
            return reader.read(model, 100).stream().map(PulsarLettersContractIT::found).toList();
        }
    }

    private static Found found(DeadLetter letter) {
        return new Found(
                letter.task().id(),
                letter.task().model(),
                letter.task().endpoint().id(),
                letter.headers(),
                new String(letter.body(), StandardCharsets.UTF_8),
                letter.pool(),
                letter.reason(),
                letter.writtenAt());
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
