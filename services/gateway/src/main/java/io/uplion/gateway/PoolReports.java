// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway;

import io.uplion.catalog.live.PoolStatus;

/// Where a gateway tells the others what it hears of pools, so that all of them admit alike. Must
/// not block.
public interface PoolReports {
    /// For workers that tell the catalog themselves.
    PoolReports NOBODY_ELSE =
            new PoolReports() {
                @Override
                public void troubled(String pool, PoolStatus status) {
                    // There is one catalog, and it knows.
                }

                @Override
                public void answered(String pool, long grantedAt) {
                    // There is one catalog, and it knows.
                }
            };

    /// The pool was handed a task and cannot serve.
    void troubled(String pool, PoolStatus status);

    /// The pool has answered. Said for each answer.
    ///
    /// @param grantedAt the attempt's, by [System#nanoTime]
    void answered(String pool, long grantedAt);
}
