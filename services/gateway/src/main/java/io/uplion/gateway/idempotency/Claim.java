// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.idempotency;

import java.util.UUID;

/// One execution of what was asked.
///
/// @param token of this execution and no other
public record Claim(Asked asked, UUID token) {}
