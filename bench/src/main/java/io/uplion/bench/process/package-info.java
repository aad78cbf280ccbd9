// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// The processes that a benchmark measures, each started and stopped whole.
@NullMarked
package io.uplion.bench.process;

import org.jspecify.annotations.NullMarked;
