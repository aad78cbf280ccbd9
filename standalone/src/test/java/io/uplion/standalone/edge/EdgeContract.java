// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.gateway.edge.Edge;
import io.uplion.gateway.edge.Edge.Admitted;
import io.uplion.gateway.edge.Edge.Credentials;
import io.uplion.gateway.edge.Edge.Decision;
import io.uplion.gateway.edge.Edge.Refused;
import io.uplion.openai.OpenAiError;
import io.uplion.platform.identity.Principal;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// What the gateway relies on, whoever finds out who asks. Each adapter's tests extend this.
abstract class EdgeContract {
    abstract Edge edge();

    /// What a request brings whose sender is known.
    abstract Credentials known();

    /// Who that is.
    abstract Principal who();

    /// Of no form that there is.
    abstract Credentials malformed();

    /// Of the right form, and nobody's.
    abstract Credentials nobodys();

    final Decision decide(Credentials credentials) {
        return edge().decide(credentials)
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    final OpenAiError refusal(Credentials credentials) {
        var decision = decide(credentials);
        assertThat(decision).isInstanceOf(Refused.class);
        return ((Refused) decision).error();
    }

    @Test
    void whoeverIsKnownIsAdmittedAsWhoHeIs() {
        assertThat(decide(known())).isEqualTo(new Admitted(who()));
        assertThat(decide(known())).as("the second time").isEqualTo(new Admitted(who()));
    }

    @Test
    void nothingIs401() {
        assertThat(refusal(new Credentials(null, null, null)).status()).isEqualTo(401);
        assertThat(refusal(new Credentials("", " ", "")).status()).isEqualTo(401);
    }

    @Test
    void whatIsMalformedIs401() {
        assertThat(refusal(malformed()).status()).isEqualTo(401);
    }

    @Test
    void whoeverIsUnknownIs401() {
        assertThat(refusal(nobodys()).status()).isEqualTo(401);
    }

    /// One refused request must not spoil the next.
    @Test
    void whoeverIsKnownIsAdmittedAfterOthersWereRefused() {
        refusal(malformed());
        refusal(nobodys());

        assertThat(decide(known())).isEqualTo(new Admitted(who()));
    }
}
