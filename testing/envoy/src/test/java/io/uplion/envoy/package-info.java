// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// A real Envoy before `access` and a gateway.
@NullMarked
package io.uplion.envoy;

import org.jspecify.annotations.NullMarked;
