// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.shared;

import java.time.Duration;

/// What stands where in the shared state. Fields are the names of pools, unless they say otherwise.
final class Tables {
    /// Manifests, and in one more field which pools there are.
    static final String CATALOG = "catalog";

    /// The names of all pools, separated by spaces. Set in one step with the manifests, so that a
    /// reader can tell a model that is gone from a store that has forgotten. No pool has this name.
    static final String LIST = "*";

    /// What the controller sees of each pool.
    static final String STATES = "pool-states";

    /// What gateways hear of each pool that cannot serve.
    static final String TROUBLES = "pool-troubles";

    /// How long a silent controller's words stand for gateways that start meanwhile. Those that run
    /// keep them anyway.
    static final Duration KEPT = Duration.ofHours(1);

    static final Duration EACH = Duration.ofSeconds(1);

    private Tables() {}
}
