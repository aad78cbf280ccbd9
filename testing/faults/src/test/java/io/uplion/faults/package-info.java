// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors

/// The distributed form over real processes, and what it bears.
@NullMarked
package io.uplion.faults;

import org.jspecify.annotations.NullMarked;
