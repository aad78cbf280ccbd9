// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// Many streams at once, each on a clock: what the way adds to it.
@NullMarked
package io.uplion.bench.streams;

import org.jspecify.annotations.NullMarked;
