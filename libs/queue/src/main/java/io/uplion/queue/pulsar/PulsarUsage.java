// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.pulsar;

import io.uplion.queue.UsageQueue;
import io.uplion.queue.journal.UsageLine;
import io.uplion.task.UsageRecord;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/// Usage records on their way to billing, in the form that they have in the journal of the laptop.
public final class PulsarUsage implements UsageQueue, AutoCloseable {
    /// An answer that is complete but for its receipt waits rather than break: a broker may restart
    /// in between.
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Senders senders;
    private final Browser browser;

    public PulsarUsage(PulsarConnection connection) {
        this.senders = new Senders(connection, PATIENCE, false);
        this.browser = new Browser(connection);
    }

    /// Completes on a thread of the client library, with the broker's receipt.
    @Override
    public CompletionStage<Void> publish(UsageRecord usage) {
        return senders.send(Names.USAGE, UsageLine.write(usage)).thenApply(_ -> null);
    }

    /// Reads every record that the broker has, also those that billing has taken and the broker has
    /// not yet thrown away. Blocks, and takes nothing out.
    public void read(Consumer<UsageRecord> records) {
        browser.read(Names.USAGE, PulsarUsage::decode, found -> found.ifPresent(records));
    }

    /// Nothing for a mark.
    private static Optional<UsageRecord> decode(byte[] message) throws MalformedMessageException {
        if (UsageMark.read(message).isPresent()) {
            return Optional.empty();
        }
        int length = message.length;
        if (length == 0 || message[length - 1] != '\n') {
            throw new MalformedMessageException("it is no whole line");
        }
        Optional<UsageRecord> usage = UsageLine.read(Arrays.copyOf(message, length - 1));
        if (usage.isEmpty()) {
            throw new MalformedMessageException("it is no usage record");
        }
        return usage;
    }

    @Override
    public void close() {
        senders.close();
    }
}
