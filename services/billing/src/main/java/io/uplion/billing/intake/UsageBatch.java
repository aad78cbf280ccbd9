// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.intake;

import io.uplion.task.UsageRecord;
import java.util.List;

/// What was taken at once, in the order of its publication.
public record UsageBatch(List<UsageRecord> records, List<Unreadable> unreadable) {
    public static final UsageBatch EMPTY = new UsageBatch(List.of(), List.of());

    public UsageBatch {
        records = List.copyOf(records);
        unreadable = List.copyOf(unreadable);
    }

    public boolean isEmpty() {
        return records.isEmpty() && unreadable.isEmpty();
    }
}
