// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors

/// Time that tests move on themselves.
@NullMarked
package io.uplion.testing.time;

import org.jspecify.annotations.NullMarked;
