// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// Which addresses a worker may call.
@NullMarked
package io.uplion.worker.network;

import org.jspecify.annotations.NullMarked;
