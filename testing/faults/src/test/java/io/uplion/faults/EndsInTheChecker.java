// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.faults;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Every test on the shared cluster ends in the invariant checker, whether its author thought of it
/// or not. What its faults allow it says by [Witness#allow].
final class EndsInTheChecker implements BeforeEachCallback, AfterEachCallback {
    @Override
    public void beforeEach(ExtensionContext context) {
        Cluster.shared().witness().begin();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (context.getExecutionException().isEmpty()) {
            Cluster.shared().witness().assertInvariants();
        }
    }
}
