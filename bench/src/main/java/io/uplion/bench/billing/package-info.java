// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// What billing writes, and how fast pages read it.
@NullMarked
package io.uplion.bench.billing;

import org.jspecify.annotations.NullMarked;
