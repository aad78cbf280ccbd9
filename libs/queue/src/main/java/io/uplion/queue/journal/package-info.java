// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// The laptop's durable half of the queue: usage records and dead letters on disk.
@NullMarked
package io.uplion.queue.journal;

import org.jspecify.annotations.NullMarked;
