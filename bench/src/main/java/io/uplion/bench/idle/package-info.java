// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// Very many streams on which little happens.
@NullMarked
package io.uplion.bench.idle;

import org.jspecify.annotations.NullMarked;
