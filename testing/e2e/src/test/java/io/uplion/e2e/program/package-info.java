// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// The program as users start it, from its command line to its last process.
@NullMarked
package io.uplion.e2e.program;

import org.jspecify.annotations.NullMarked;
