// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.edge;

import io.uplion.access.Access;
import io.uplion.access.Credentials;
import io.uplion.access.Decision;
import io.uplion.access.Refusals;
import io.uplion.gateway.edge.Edge;
import io.uplion.platform.identity.Principal;
import io.uplion.platform.management.Readiness;
import java.util.concurrent.CompletionStage;

/// Asks `access` in the same process.
public final class LocalEdge {
    private LocalEdge() {}

    /// @param database what `access` reads from
    public static Edge of(Access access, Readiness database) {
        return new OfDatabase(
                asked ->
                        access.decide(Credentials.of(asked.authorization(), asked.apiKey()))
                                .thenApply(LocalEdge::translated),
                database);
    }

    private record OfDatabase(Edge edge, Readiness database) implements Edge {
        @Override
        public CompletionStage<Edge.Decision> decide(Edge.Credentials asked) {
            return edge.decide(asked);
        }

        @Override
        public boolean isReady() {
            return database.isReady();
        }
    }

    static Edge.Decision translated(Decision decision) {
        return switch (decision) {
            case Decision.Allowed(Principal principal) -> new Edge.Admitted(principal);
            case Decision.Denied denied -> new Edge.Refused(Refusals.of(denied));
            case Decision.Unavailable() -> new Edge.Refused(Refusals.unavailable());
        };
    }
}
