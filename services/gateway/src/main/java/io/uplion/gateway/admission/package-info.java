// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// Whether a request may become a task.
@NullMarked
package io.uplion.gateway.admission;

import org.jspecify.annotations.NullMarked;
