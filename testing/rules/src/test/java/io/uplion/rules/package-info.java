// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// The house rules, held by the build: structure, tidiness, and that the reference says what the
/// code does.
@NullMarked
package io.uplion.rules;

import org.jspecify.annotations.NullMarked;
