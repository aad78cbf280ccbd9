// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// How the pool is: rest after trouble, probe, work.
@NullMarked
package io.uplion.worker.pool;

import org.jspecify.annotations.NullMarked;
