// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// Blocking HTTP clients that show what a well-behaved client hides: bytes, comments, how it ended.
@NullMarked
package io.uplion.testing.http;

import org.jspecify.annotations.NullMarked;
