// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.edge;

import io.uplion.access.ClientAddress;
import io.uplion.access.Cookies;
import io.uplion.access.Credentials;
import io.uplion.access.Entrance;
import io.uplion.access.Question;
import io.uplion.counters.rate.RateHeaders;
import io.uplion.counters.rate.Standing;
import io.uplion.gateway.edge.Edge;
import io.uplion.openai.OpenAiError;
import io.uplion.platform.identity.Principal;
import io.uplion.platform.management.Readiness;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// Asks `access` in the same process.
public final class LocalEdge {
    private LocalEdge() {}

    /// @param clients how a client's address is found
    /// @param database what `access` reads from
    public static Edge of(Entrance entrance, ClientAddress clients, Readiness database) {
        return new OfDatabase(
                asked -> entrance.enter(question(asked, clients)).thenApply(LocalEdge::translated),
                database);
    }

    private static Question question(Edge.Credentials asked, ClientAddress clients) {
        Edge.Browser browser = asked.browser();
        Cookies cookies =
                new Cookies(browser.cookies(), browser.site(), browser.origin(), browser.host());
        return Question.inference(
                Credentials.of(asked.authorization(), asked.apiKey(), cookies),
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

    static Edge.Decision translated(Entrance.Entry entry) {
        return switch (entry) {
            case Entrance.Admitted(Principal principal, var requests) ->
                    new Edge.Admitted(principal, headers(requests));
            case Entrance.Refused(OpenAiError error, var requests) ->
                    new Edge.Refused(error, headers(requests));
        };
    }

    private static Map<String, String> headers(Optional<Standing> requests) {
        return requests.map(standing -> RateHeaders.of("requests", standing)).orElse(Map.of());
    }
}
