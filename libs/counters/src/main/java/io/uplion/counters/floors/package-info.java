// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// Which versions may still be believed, told to all processes.
@NullMarked
package io.uplion.counters.floors;

import org.jspecify.annotations.NullMarked;
