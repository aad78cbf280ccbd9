// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.faults;

import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Every test on a cluster ends in the invariant checker, whether its author thought of it or not.
/// What its faults allow it says by [Witness#allow].
final class EndsInTheChecker implements BeforeEachCallback, AfterEachCallback {
    private final Supplier<Cluster> cluster;

    /// For the shared cluster.
    EndsInTheChecker() {
        this(Cluster::shared);
    }

    EndsInTheChecker(Supplier<Cluster> cluster) {
        this.cluster = cluster;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        cluster.get().witness().begin();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (context.getExecutionException().isEmpty()) {
            cluster.get().witness().assertInvariants();
        }
    }
}
