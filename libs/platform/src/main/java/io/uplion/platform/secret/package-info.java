// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// Values that must not reach a log.
@NullMarked
package io.uplion.platform.secret;

import org.jspecify.annotations.NullMarked;
