// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// What must hold of every request, whatever failed meanwhile. Start at
/// [io.uplion.testing.invariant.InvariantChecker].
@NullMarked
package io.uplion.testing.invariant;

import org.jspecify.annotations.NullMarked;
