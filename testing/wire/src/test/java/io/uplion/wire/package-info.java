// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// Workers and gateways in two processes, as far as they speak to each other.
@NullMarked
package io.uplion.wire;

import org.jspecify.annotations.NullMarked;
