// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// Prices that hold from a day on: set here, told to the gateways.
@NullMarked
package io.uplion.billing.price;

import org.jspecify.annotations.NullMarked;
