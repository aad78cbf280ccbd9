// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.usage;

import java.time.Instant;
import java.util.Map;

/// How long answers took within one span of time.
///
/// @param firstFrame until the first token
/// @param total until the end
public record TimesRow(
        Instant time, Map<String, String> dimensions, Quantiles firstFrame, Quantiles total) {
    public TimesRow {
        dimensions = Map.copyOf(dimensions);
    }
}
