// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// The worker of one pool: slots, attempts, usage, health.
@NullMarked
package io.uplion.worker;

import org.jspecify.annotations.NullMarked;
