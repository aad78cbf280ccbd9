// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.pulsar;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClientException;

/// So many messages in flight, and as many slots that take one at a time: whoever has received and
/// acknowledged one publishes the next.
final class PulledMessages {
    private final RawBroker.Topic topic;
    private final int inFlight;
    private final int permits;
    private final LongAdder pulled = new LongAdder();
    private volatile boolean stopping;

    /// @param permits how many messages a consumer asks the broker for at once, and how many slots
    ///   share it; 1 is the platform's own way, a consumer for each slot
    PulledMessages(RawBroker.Topic topic, int inFlight, int permits) {
        this.topic = topic;
        this.inFlight = inFlight;
        this.permits = permits;
    }

    /// @return messages a second
    double measure(Duration time) throws PulsarClientException, InterruptedException {
        List<Consumer<byte[]>> consumers = new ArrayList<>();
        List<Thread> slots = new ArrayList<>();
        try (Producer<byte[]> producer = topic.producer()) {
            for (int i = 0; i < inFlight; i++) {
                if (i % permits == 0) {
                    consumers.add(topic.consumer(permits == 1 ? 0 : permits));
                }
                Consumer<byte[]> consumer = consumers.getLast();
                slots.add(Thread.ofVirtual().start(() -> pull(consumer, producer)));
            }
            for (int i = 0; i < inFlight; i++) {
                producer.sendAsync(RawBroker.message());
            }
            TimeUnit.MILLISECONDS.sleep(time.toMillis() / 2);
            long before = pulled.sum();
            long start = System.nanoTime();
            TimeUnit.MILLISECONDS.sleep(time.toMillis());
            double perSecond = (pulled.sum() - before) * 1e9 / (System.nanoTime() - start);
            stopping = true;
            for (Thread slot : slots) {
                slot.interrupt();
                slot.join();
            }
            for (Consumer<byte[]> consumer : consumers) {
                consumer.close();
            }
            return perSecond;
        }
    }

    private void pull(Consumer<byte[]> consumer, Producer<byte[]> producer) {
        try {
            while (!stopping) {
                Message<byte[]> message = consumer.receive();
                consumer.acknowledgeAsync(message);
                pulled.increment();
                producer.sendAsync(RawBroker.message());
            }
        } catch (PulsarClientException e) {
            if (!stopping) {
                throw new IllegalStateException("the broker broke off", e);
            }
        }
    }
}
