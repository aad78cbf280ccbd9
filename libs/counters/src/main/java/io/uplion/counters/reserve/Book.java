// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

import java.util.Optional;

/// What a counter says.
///
/// @param spent nothing where it is not open
/// @param held what tasks hold or owe
public record Book(Optional<Spent> spent, long held) {}
