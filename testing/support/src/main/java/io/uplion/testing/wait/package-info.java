// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// Waiting by condition, never by sleeping.
@NullMarked
package io.uplion.testing.wait;

import org.jspecify.annotations.NullMarked;
