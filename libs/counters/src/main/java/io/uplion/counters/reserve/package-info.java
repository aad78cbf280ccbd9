// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// What is held for a task until it is over.
@NullMarked
package io.uplion.counters.reserve;

import org.jspecify.annotations.NullMarked;
