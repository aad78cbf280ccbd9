// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors

/// What was used, what it cost and how long it took, as billing has written it down. Nothing here
/// writes.
@NullMarked
package io.uplion.portal.usage;

import org.jspecify.annotations.NullMarked;
