// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// What the gateway counts.
@NullMarked
package io.uplion.gateway.metrics;

import org.jspecify.annotations.NullMarked;
