// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.edge;

import io.uplion.access.Access;
import io.uplion.access.ClientAddress;
import io.uplion.access.Credentials;
import io.uplion.access.Decision;
import io.uplion.access.Question;
import io.uplion.access.Refusals;
import io.uplion.gateway.edge.Edge;
import io.uplion.platform.identity.Principal;
import io.uplion.platform.management.Readiness;
import java.util.concurrent.CompletionStage;

/// Asks `access` in the same process.
public final class LocalEdge {
    private LocalEdge() {}

    /// @param clients how a client's address is found
    /// @param database what `access` reads from
    public static Edge of(Access access, ClientAddress clients, Readiness database) {
        return new OfDatabase(
                asked -> access.decide(question(asked, clients)).thenApply(LocalEdge::translated),
                database);
    }

    private static Question question(Edge.Credentials asked, ClientAddress clients) {
        return Question.inference(
                Credentials.of(asked.authorization(), asked.apiKey()),
                clients.of(asked.peer(), asked.forwarded()));
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
