// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// What the platform holds of the machine's memory.
@NullMarked
package io.uplion.bench.memory;

import org.jspecify.annotations.NullMarked;
