// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// What is written in other languages: installed once, and run.
@NullMarked
package io.uplion.testing.external;

import org.jspecify.annotations.NullMarked;
