// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// The service `billing`: from usage records to a ledger, and what counters are told of it.
@NullMarked
package io.uplion.billing;

import org.jspecify.annotations.NullMarked;
