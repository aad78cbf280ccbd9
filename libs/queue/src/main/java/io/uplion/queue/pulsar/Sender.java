// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.pulsar;

import io.uplion.queue.TaskQueue.QueueException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClientException.AlreadyClosedException;
import org.apache.pulsar.client.api.PulsarClientException.MemoryBufferIsFullError;
import org.apache.pulsar.client.api.PulsarClientException.ProducerQueueIsFullError;
import org.jspecify.annotations.Nullable;

/// Sends to one topic. Its producer is made when it is first needed, and made again where the
/// broker could not be reached or has closed it, as it does when a topic is deleted.
final class Sender {
    private static final long PAUSE_MILLIS = 100;

    private final String topic;
    private final ProducerBuilder<byte[]> builder;
    private final Duration patience;
    private final AtomicReference<@Nullable CompletableFuture<Producer<byte[]>>> producer =
            new AtomicReference<>();

    /// @param patience a message that the broker has not taken until then is given up
    Sender(String topic, ProducerBuilder<byte[]> builder, Duration patience) {
        this.topic = topic;
        this.builder = builder;
        this.patience = patience;
    }

    /// @return where the message is, by the broker's receipt; fails with [QueueException]
    CompletableFuture<MessageId> send(byte[] message) {
        CompletableFuture<MessageId> receipt = new CompletableFuture<>();
        attempt(message, receipt);
        return receipt.orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(cause -> CompletableFuture.failedFuture(failure(cause)));
    }

    private void attempt(byte[] message, CompletableFuture<MessageId> receipt) {
        CompletableFuture<Producer<byte[]>> open = producer();
        open.thenCompose(ready -> ready.sendAsync(message))
                .whenComplete(
                        (id, thrown) -> {
                            if (thrown == null) {
                                receipt.complete(id);
                            } else {
                                failed(message, receipt, open, cause(thrown));
                            }
                        });
    }

    private void failed(
            byte[] message,
            CompletableFuture<MessageId> receipt,
            CompletableFuture<Producer<byte[]>> open,
            Throwable cause) {
        boolean notMade = open.isCompletedExceptionally();
        boolean closed = cause instanceof AlreadyClosedException;
        boolean full = isFull(cause);
        if (notMade || closed) {
            producer.compareAndSet(open, null);
        }
        if (Reason.isMissing(cause) || !(notMade || closed || full) || receipt.isDone()) {
            receipt.completeExceptionally(cause);
            return;
        }
        Executor soon = CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        soon.execute(() -> attempt(message, receipt));
    }

    /// Others have filled the connection: there is room again when they have their receipts.
    private static boolean isFull(Throwable cause) {
        return cause instanceof MemoryBufferIsFullError
                || cause instanceof ProducerQueueIsFullError;
    }

    private synchronized CompletableFuture<Producer<byte[]>> producer() {
        CompletableFuture<Producer<byte[]>> current = producer.get();
        if (current == null) {
            current = builder.createAsync();
            producer.set(current);
        }
        return current;
    }

    boolean isUnused() {
        return producer.get() == null;
    }

    private QueueException failure(Throwable thrown) {
        return new QueueException("not kept in " + topic + ": " + Reason.of(thrown), thrown);
    }

    private static Throwable cause(Throwable thrown) {
        Throwable cause = thrown.getCause();
        return thrown instanceof CompletionException && cause != null ? cause : thrown;
    }

    void close() {
        CompletableFuture<Producer<byte[]>> current = producer.get();
        if (current != null) {
            current.thenAccept(Producer::closeAsync);
        }
    }
}
