// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// What the counters are told of money: budgets are opened, and what the dead hold is freed.
@NullMarked
package io.uplion.billing.counting;

import org.jspecify.annotations.NullMarked;
