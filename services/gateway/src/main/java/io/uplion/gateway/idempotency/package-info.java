// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// One execution for all requests with the same `Idempotency-Key`; DESIGN.md says how.
@NullMarked
package io.uplion.gateway.idempotency;

import org.jspecify.annotations.NullMarked;
