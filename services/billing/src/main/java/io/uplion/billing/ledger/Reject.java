// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.ledger;

import io.uplion.billing.intake.Unreadable;
import io.uplion.queue.journal.UsageLine;
import io.uplion.task.UsageRecord;
import java.util.Optional;
import java.util.UUID;

/// What cannot be billed by its own fault.
///
/// @param record as it came, or as it is written
record Reject(byte[] record, Optional<UUID> task, String reason) {
    private static final int MOST = 500;

    /// Reasons may quote what came.
    Reject {
        reason = reason.replaceAll("\\p{Cntrl}", " ");
        reason = reason.substring(0, Math.min(MOST, reason.length()));
    }

    static Reject of(UsageRecord usage, String reason) {
        return new Reject(UsageLine.write(usage), Optional.of(usage.claim().task()), reason);
    }

    static Reject of(Unreadable unreadable) {
        return new Reject(unreadable.bytes(), Optional.empty(), unreadable.why());
    }
}
