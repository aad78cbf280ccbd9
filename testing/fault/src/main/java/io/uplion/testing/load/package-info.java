// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// Many clients at once, and exactly what each of them saw. Start at [io.uplion.testing.load.Load].
@NullMarked
package io.uplion.testing.load;

import org.jspecify.annotations.NullMarked;
