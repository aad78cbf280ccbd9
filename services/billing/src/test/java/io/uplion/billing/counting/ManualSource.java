// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.counting;

import io.uplion.billing.intake.UsageBatch;
import io.uplion.billing.intake.UsageSource;

/// Marks pass when the test says so.
final class ManualSource implements UsageSource {
    private long set;
    private long passed;

    @Override
    public UsageBatch take() {
        return UsageBatch.EMPTY;
    }

    @Override
    public void acknowledge() {}

    @Override
    public Mark mark() {
        return new Mark(++set, "");
    }

    @Override
    public boolean isPassed(Mark mark) {
        return mark.number() <= passed;
    }

    /// All that was published until now is billed.
    void drain() {
        passed = set;
    }

    long marks() {
        return set;
    }

    @Override
    public void close() {}
}
