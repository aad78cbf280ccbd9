// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// Prices that hold from a day on: billing tells them, gateways put the one that is valid into what
/// a task is billed by.
@NullMarked
package io.uplion.catalog.price;

import org.jspecify.annotations.NullMarked;
