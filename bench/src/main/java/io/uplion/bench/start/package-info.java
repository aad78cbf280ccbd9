// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// How long a start takes.
@NullMarked
package io.uplion.bench.start;

import org.jspecify.annotations.NullMarked;
