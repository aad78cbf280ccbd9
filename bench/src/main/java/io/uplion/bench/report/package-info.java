// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// Numbers made out of samples, and how they are shown.
@NullMarked
package io.uplion.bench.report;

import org.jspecify.annotations.NullMarked;
