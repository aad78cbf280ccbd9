// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.ledger;

import io.uplion.task.UsageRecord.Timing;

/// How long many answers took.
record Times(Buckets firstFrame, Buckets total) {

    Times() {
        this(new Buckets(), new Buckets());
    }

    void add(Timing timing) {
        firstFrame.add(timing.firstFrame());
        total.add(timing.total());
    }

    void add(Times more) {
        firstFrame.add(more.firstFrame);
        total.add(more.total);
    }
}
