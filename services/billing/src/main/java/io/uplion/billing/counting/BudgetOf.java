// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.counting;

import io.uplion.platform.identity.Limits;
import io.uplion.platform.identity.Subject;
import java.util.UUID;

/// Somebody has a budget.
///
/// @param account whose money it is: what a user spends is counted for each of his accounts apart
/// @param subject a key that was rolled is counted as the one it was rolled from
/// @param version of the last change
record BudgetOf(UUID account, Subject subject, Limits.Period period, long version) {}
