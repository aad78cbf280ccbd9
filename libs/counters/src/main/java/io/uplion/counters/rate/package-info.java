// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// How often somebody may ask, on all nodes together.
@NullMarked
package io.uplion.counters.rate;

import org.jspecify.annotations.NullMarked;
