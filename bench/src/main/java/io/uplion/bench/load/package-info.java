// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// Clients that send load and take times.
@NullMarked
package io.uplion.bench.load;

import org.jspecify.annotations.NullMarked;
