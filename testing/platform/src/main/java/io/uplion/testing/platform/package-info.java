// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// The whole platform under test: in this process, or as the program that users start.
@NullMarked
package io.uplion.testing.platform;

import org.jspecify.annotations.NullMarked;
