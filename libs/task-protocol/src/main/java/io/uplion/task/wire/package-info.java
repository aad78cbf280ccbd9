// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// The reply stream as bytes: the same messages, for a worker and a gateway in two processes.
@NullMarked
package io.uplion.task.wire;

import org.jspecify.annotations.NullMarked;
