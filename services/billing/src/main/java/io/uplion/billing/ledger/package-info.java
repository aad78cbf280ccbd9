// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// What was used and what it cost: one batch is one transaction.
@NullMarked
package io.uplion.billing.ledger;

import org.jspecify.annotations.NullMarked;
