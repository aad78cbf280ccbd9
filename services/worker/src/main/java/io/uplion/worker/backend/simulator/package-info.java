// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// The engine without weights, which says that it is one.
@NullMarked
package io.uplion.worker.backend.simulator;

import org.jspecify.annotations.NullMarked;
