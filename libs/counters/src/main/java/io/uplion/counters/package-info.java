// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// Small facts that several processes share, and the leases by which one of them does a thing.
@NullMarked
package io.uplion.counters;

import org.jspecify.annotations.NullMarked;
