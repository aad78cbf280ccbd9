// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.pulsar;

import io.uplion.queue.TaskQueue.QueueException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pulsar.client.api.BatchReceivePolicy;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Messages;
import org.apache.pulsar.client.api.SubscriptionType;
import org.jspecify.annotations.Nullable;

/// Takes what [PulsarUsage] has published, for billing: of several processes one at a time, in the
/// order of publication. What is not acknowledged comes again. For one thread.
public final class PulsarUsageIntake implements AutoCloseable {
    /// One that the broker does not answer in that time is asked again later.
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final PulsarConnection connection;
    private final int most;
    private final Duration time;
    private final Sender marks;
    private final String owner = UUID.randomUUID().toString();
    private @Nullable Consumer<byte[]> consumer;
    private @Nullable MessageId last;
    private long taken;
    private long passed;

    /// @param most messages that are taken at once
    /// @param time after which there are fewer
    public PulsarUsageIntake(PulsarConnection connection, int most, Duration time) {
        this.connection = connection;
        this.most = most;
        this.time = time;
        this.marks =
                new Sender(
                        Names.USAGE,
                        connection
                                .client()
                                .newProducer()
                                .topic(Names.url(Names.USAGE))
                                .enableBatching(false)
                                .sendTimeout(
                                        Math.toIntExact(PATIENCE.toMillis()),
                                        TimeUnit.MILLISECONDS),
                        PATIENCE);
    }

    /// Messages as they are, without marks: perhaps none.
    ///
    /// @throws QueueException where the broker cannot be asked
    public List<byte[]> take() throws InterruptedException {
        Consumer<byte[]> open = open();
        Messages<byte[]> messages;
        CompletableFuture<Messages<byte[]>> batch = open.batchReceiveAsync();
        try {
            messages = batch.get(time.plus(PATIENCE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // It may have been closed for good; another one gets again what this one has.
            close(open);
            throw new QueueException("usage cannot be taken: " + Reason.of(e), e);
        }
        List<byte[]> found = new ArrayList<>(messages.size());
        for (Message<byte[]> message : messages) {
            UsageMark.read(message.getData())
                    .ifPresentOrElse(
                            mark -> taken = mark.isOf(owner) ? mark.number() : taken,
                            () -> found.add(message.getData()));
            last = message.getMessageId();
        }
        return found;
    }

    private Consumer<byte[]> open() throws InterruptedException {
        if (consumer != null) {
            return consumer;
        }
        CompletableFuture<Consumer<byte[]>> subscribing =
                connection
                        .client()
                        .newConsumer()
                        .topic(Names.url(Names.USAGE))
                        .subscriptionName(Names.BILLING)
                        .subscriptionType(SubscriptionType.Failover)
                        .receiverQueueSize(2 * most)
                        .acknowledgmentGroupTime(0, TimeUnit.MILLISECONDS)
                        .batchReceivePolicy(
                                BatchReceivePolicy.builder()
                                        .maxNumMessages(most)
                                        .maxNumBytes(-1)
                                        .timeout(
                                                Math.toIntExact(time.toMillis()),
                                                TimeUnit.MILLISECONDS)
                                        .build())
                        .subscribeAsync();
        try {
            consumer = subscribing.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return consumer;
        } catch (ExecutionException | TimeoutException e) {
            subscribing.thenAccept(Consumer::closeAsync);
            throw new QueueException("usage cannot be reached: " + Reason.of(e), e);
        }
    }

    /// All that was taken need not come again.
    ///
    /// @throws QueueException where the broker has not taken note: it may come again
    public void acknowledge() throws InterruptedException {
        if (last == null || consumer == null) {
            return;
        }
        try {
            consumer.acknowledgeCumulativeAsync(last)
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new QueueException("usage was not acknowledged: " + Reason.of(e), e);
        }
        last = null;
        passed = taken;
    }

    /// Publishes a mark behind all that was published before. It comes in its turn, is acknowledged
    /// with what came before it, and nobody else sees it.
    ///
    /// @throws QueueException where the broker has not taken it
    public void mark(long number) throws InterruptedException {
        try {
            marks.send(new UsageMark(owner, number).write())
                    .get(PATIENCE.plusSeconds(1).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new QueueException("usage was not marked: " + Reason.of(e), e);
        }
    }

    /// The last mark of this process that was acknowledged.
    public long passed() {
        return passed;
    }

    private void close(Consumer<byte[]> open) {
        open.closeAsync();
        consumer = null;
        last = null;
        taken = passed;
    }

    /// What was not acknowledged comes again, also to others.
    @Override
    public void close() {
        if (consumer != null) {
            close(consumer);
        }
        marks.close();
    }
}
