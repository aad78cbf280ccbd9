// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// What may be set as a limit, and what may not.
@NullMarked
package io.uplion.portal.limits;

import org.jspecify.annotations.NullMarked;
