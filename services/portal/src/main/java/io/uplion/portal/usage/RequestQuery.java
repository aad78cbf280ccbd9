// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.usage;

import java.time.Instant;
import java.util.Map;

/// Which requests are asked for.
///
/// @param from when they were accepted; in it
/// @param to no longer in it
public record RequestQuery(Instant from, Instant to, Map<Dimension, String> only) {
    public RequestQuery {
        only = Map.copyOf(only);
    }
}
