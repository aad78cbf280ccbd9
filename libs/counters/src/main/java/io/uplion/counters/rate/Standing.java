// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.rate;

import java.time.Duration;

/// How it stands with one limit: what a client is told in headers.
///
/// @param name whose limit it is
/// @param limit a minute
/// @param remaining what would be let in now
/// @param resetAfter until the whole burst is there again, if nobody asks
public record Standing(String name, long limit, long remaining, Duration resetAfter) {}
