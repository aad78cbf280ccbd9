// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.limits;

import io.uplion.platform.identity.Limits;

/// What is to become of somebody's limits.
public record LimitsChange(
        Change<Long> rpm,
        Change<Long> tpm,
        Change<Integer> concurrent,
        Change<Limits.Budget> budget) {
    public static final LimitsChange NOTHING =
            new LimitsChange(
                    new Change.Keep<>(),
                    new Change.Keep<>(),
                    new Change.Keep<>(),
                    new Change.Keep<>());

    public Limits applied(Limits before) {
        return new Limits(
                rpm.applied(before.rpm()),
                tpm.applied(before.tpm()),
                concurrent.applied(before.concurrent()),
                budget.applied(before.budget()));
    }
}
