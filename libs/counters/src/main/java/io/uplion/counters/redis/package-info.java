// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// The shared facts in Redis.
@NullMarked
package io.uplion.counters.redis;

import org.jspecify.annotations.NullMarked;
