// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// The port through which the gateway learns who asks.
@NullMarked
package io.uplion.gateway.edge;

import org.jspecify.annotations.NullMarked;
