// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue;

import io.uplion.task.UsageRecord;
import java.util.concurrent.CompletionStage;

/// Where usage records go to be billed.
@FunctionalInterface
public interface UsageQueue {
    /// @return completes when the record is durable: it survives the death of this process
    CompletionStage<Void> publish(UsageRecord usage);
}
