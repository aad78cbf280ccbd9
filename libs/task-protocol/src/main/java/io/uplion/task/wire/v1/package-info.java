// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// Generated from `reply.proto`, which says what each message means.
@NullMarked
package io.uplion.task.wire.v1;

import org.jspecify.annotations.NullMarked;
