// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// One task in one slot, from its delivery to its end.
@NullMarked
package io.uplion.worker.attempt;

import org.jspecify.annotations.NullMarked;
