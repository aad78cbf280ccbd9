// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.pulsar;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClient;

/// A [Sender] for each topic that somebody has sent to.
final class Senders {
    private static final int MAX_PENDING = 10_000;

    private final PulsarClient client;
    private final Duration patience;
    private final boolean large;
    private final Map<String, Sender> senders = new ConcurrentHashMap<>();

    /// @param large also messages that are larger than the broker's limit, in pieces
    Senders(PulsarConnection connection, Duration patience, boolean large) {
        this.client = connection.client();
        this.patience = patience;
        this.large = large;
    }

    CompletableFuture<MessageId> send(String topic, byte[] message) {
        Sender sender = senders.computeIfAbsent(topic, this::open);
        return sender.send(message).whenComplete((_, _) -> dropUnused(topic, sender));
    }

    /// So that names without a topic do not pile up.
    private void dropUnused(String topic, Sender sender) {
        if (sender.isUnused()) {
            senders.remove(topic, sender);
        }
    }

    /// One message an entry: the broker counts entries, and workers pull one at a time.
    private Sender open(String topic) {
        ProducerBuilder<byte[]> builder =
                client.newProducer()
                        .topic(Names.url(topic))
                        .enableBatching(false)
                        .enableChunking(large)
                        .blockIfQueueFull(false)
                        .maxPendingMessages(MAX_PENDING)
                        .sendTimeout(Math.toIntExact(patience.toMillis()), TimeUnit.MILLISECONDS);
        return new Sender(topic, builder, patience);
    }

    void close() {
        senders.values().forEach(Sender::close);
    }
}
