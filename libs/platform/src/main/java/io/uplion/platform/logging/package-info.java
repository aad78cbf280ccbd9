// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// How logs look.
@NullMarked
package io.uplion.platform.logging;

import org.jspecify.annotations.NullMarked;
