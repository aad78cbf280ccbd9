// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors

/// The distributed form on one machine: servers and services as processes, one of which this is.
@NullMarked
package io.uplion.standalone.distributed;

import org.jspecify.annotations.NullMarked;
