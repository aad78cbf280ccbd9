// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// Where usage records come from.
@NullMarked
package io.uplion.billing.intake;

import org.jspecify.annotations.NullMarked;
