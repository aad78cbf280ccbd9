// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// Whether the books agree.
@NullMarked
package io.uplion.billing.check;

import org.jspecify.annotations.NullMarked;
