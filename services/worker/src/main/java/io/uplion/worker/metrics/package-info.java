// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// What a worker counts.
@NullMarked
package io.uplion.worker.metrics;

import org.jspecify.annotations.NullMarked;
