// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.check;

import io.uplion.task.UsageRecord;
import java.util.function.Consumer;

/// Usage that is still there though it was billed.
@FunctionalInterface
public interface UsageHistory {
    UsageHistory NONE = _ -> {};

    /// Blocks. Throws where it cannot be read.
    void read(Consumer<UsageRecord> each);
}
