// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.intake;

import io.uplion.queue.TaskQueue.QueueException;
import io.uplion.queue.journal.UsageLine;
import io.uplion.queue.pulsar.PulsarConnection;
import io.uplion.queue.pulsar.PulsarUsageIntake;
import io.uplion.task.UsageRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The usage topic of a platform of many processes. Of several processes that bill one is active;
/// marks of the others do not pass until they are.
public final class PulsarSource implements UsageSource {
    /// Where there is a broker there is a Redis, and what an account's tasks held is freed there by
    /// one script, while everybody else waits.
    private static final int MOST = 5_000;

    private final PulsarUsageIntake intake;
    private long marks;

    public PulsarSource(PulsarConnection connection, Bounds bounds) {
        this.intake =
                new PulsarUsageIntake(connection, Math.min(MOST, bounds.records()), bounds.time());
    }

    @Override
    public UsageBatch take() throws InterruptedException {
        try {
            return batch(intake.take());
        } catch (QueueException e) {
            throw away(e);
        }
    }

    private static SourceException away(QueueException e) {
        return new SourceException(String.valueOf(e.getMessage()), e);
    }

    private static UsageBatch batch(List<byte[]> messages) {
        List<UsageRecord> records = new ArrayList<>(messages.size());
        List<Unreadable> unreadable = new ArrayList<>();
        for (byte[] message : messages) {
            int length = message.length;
            boolean isLine = length > 0 && message[length - 1] == '\n';
            Optional<UsageRecord> usage =
                    isLine ? UsageLine.read(Arrays.copyOf(message, length - 1)) : Optional.empty();
            usage.ifPresentOrElse(
                    records::add,
                    () -> unreadable.add(new Unreadable(message, "it is no usage record")));
        }
        return new UsageBatch(records, unreadable);
    }

    @Override
    public void acknowledge() {
        try {
            intake.acknowledge();
        } catch (QueueException e) {
            throw away(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SourceException("interrupted", e);
        }
    }

    @Override
    public Mark mark() {
        long number = ++marks;
        try {
            intake.mark(number);
            return new Mark(number, "");
        } catch (QueueException e) {
            throw away(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SourceException("interrupted", e);
        }
    }

    @Override
    public boolean isPassed(Mark mark) {
        return intake.passed() >= mark.number();
    }

    @Override
    public void close() {
        intake.close();
    }
}
