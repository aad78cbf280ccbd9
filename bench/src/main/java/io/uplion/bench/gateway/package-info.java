// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// What the way through the gateway costs: requests/s, and time.
@NullMarked
package io.uplion.bench.gateway;

import org.jspecify.annotations.NullMarked;
