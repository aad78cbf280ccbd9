// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// The queue: tasks by model, dead letters, usage records. Ports, and their in-process adapters.
@NullMarked
package io.uplion.queue;

import org.jspecify.annotations.NullMarked;
