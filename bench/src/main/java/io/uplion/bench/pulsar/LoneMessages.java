// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.pulsar;

import io.uplion.bench.report.Samples;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.SynchronousQueue;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClientException;

/// One message at a time: published, received by a consumer that waits for it, acknowledged.
final class LoneMessages {
    private final RawBroker.Topic topic;
    private final SynchronousQueue<Long> received = new SynchronousQueue<>();

    LoneMessages(RawBroker.Topic topic) {
        this.topic = topic;
    }

    /// Milliseconds since the publisher began.
    ///
    /// @param received the consumer has the message
    /// @param receipt the publisher knows that the broker has it
    record Waits(Samples received, Samples receipt) {}

    Waits measure(int messages)
            throws PulsarClientException, InterruptedException, ExecutionException {
        double[] there = new double[messages];
        double[] receipts = new double[messages];
        try (Producer<byte[]> producer = topic.producer();
                Consumer<byte[]> consumer = topic.consumer(0)) {
            Thread slot = Thread.ofVirtual().start(() -> receive(consumer, messages));
            for (int i = 0; i < messages; i++) {
                long start = System.nanoTime();
                CompletableFuture<Long> receipt =
                        producer.sendAsync(RawBroker.message()).thenApply(_ -> System.nanoTime());
                there[i] = (received.take() - start) / 1e6;
                receipts[i] = (receipt.get() - start) / 1e6;
            }
            slot.join();
        }
        return new Waits(Samples.of(there), Samples.of(receipts));
    }

    private void receive(Consumer<byte[]> consumer, int messages) {
        try {
            for (int i = 0; i < messages; i++) {
                Message<byte[]> message = consumer.receive();
                received.put(System.nanoTime());
                consumer.acknowledgeAsync(message);
            }
        } catch (PulsarClientException e) {
            throw new IllegalStateException("the broker broke off", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
