// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.invariant;

import io.uplion.openai.TokenUsage;
import io.uplion.task.UsageRecord.Outcome;
import java.util.UUID;

/// What was billed for one task.
///
/// @param nanos what was charged
/// @param absorbed what it cost beyond that
public record LedgerRow(
        UUID task, int attempt, Outcome outcome, TokenUsage tokens, long nanos, long absorbed) {}
