// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors

/// The life of a service that is a process of its own.
@NullMarked
package io.uplion.platform.process;

import org.jspecify.annotations.NullMarked;
