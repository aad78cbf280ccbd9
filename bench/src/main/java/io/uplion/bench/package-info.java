// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// What we measure ourselves by: the benchmarks behind `./uplion bench`.
@NullMarked
package io.uplion.bench;

import org.jspecify.annotations.NullMarked;
