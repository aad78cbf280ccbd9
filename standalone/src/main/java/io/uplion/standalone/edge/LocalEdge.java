// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.edge;

import io.uplion.access.Access;
import io.uplion.access.Credentials;
import io.uplion.access.Decision;
import io.uplion.access.Refusals;
import io.uplion.gateway.edge.Edge;
import io.uplion.platform.identity.Principal;

/// Asks `access` in the same process.
public final class LocalEdge {
    private LocalEdge() {}

    public static Edge of(Access access) {
        return asked ->
                access.decide(Credentials.of(asked.authorization(), asked.apiKey()))
                        .thenApply(LocalEdge::translated);
    }

    static Edge.Decision translated(Decision decision) {
        return switch (decision) {
            case Decision.Allowed(Principal principal) -> new Edge.Admitted(principal);
            case Decision.Denied denied -> new Edge.Refused(Refusals.of(denied));
            case Decision.Unavailable() -> new Edge.Refused(Refusals.unavailable());
        };
    }
}
