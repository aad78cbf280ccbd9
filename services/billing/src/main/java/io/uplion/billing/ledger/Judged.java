// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.ledger;

/// What becomes of a usage record.
sealed interface Judged {

    record Due(Charge charge) implements Judged {}

    record Refused(Reject reject) implements Judged {}
}
