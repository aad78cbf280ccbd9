// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.http;

import io.uplion.gateway.relay.Witness;
import io.uplion.openai.Endpoint;
import io.uplion.platform.identity.Principal;
import java.util.UUID;

/// A request for an answer, before its body is looked at.
///
/// @param witness has to be told how it ends
record Asked(UUID id, Principal principal, Endpoint endpoint, Witness witness) {}
