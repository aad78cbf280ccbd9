// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors

/// Who has changed what. The database writes it down by itself; here it is told who acts, and what
/// stands there is shown.
@NullMarked
package io.uplion.portal.audit;

import org.jspecify.annotations.NullMarked;
