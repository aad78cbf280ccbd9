// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

import java.time.Duration;
import java.util.UUID;

/// A task that holds money though nobody renews it.
///
/// @param unrenewed for how long
public record Expired(UUID task, Duration unrenewed) {}
