// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.check;

import io.uplion.queue.journal.UsageTail;
import io.uplion.task.UsageRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/// What the journal still has of what was billed.
///
/// @param directory of the journal
public record JournalHistory(Path directory) implements UsageHistory {
    @Override
    public void read(Consumer<UsageRecord> each) {
        try {
            UsageTail.readBilled(directory, each);
        } catch (IOException e) {
            throw new UncheckedIOException("the usage journal cannot be read", e);
        }
    }
}
