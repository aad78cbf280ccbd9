// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.gateway.edge.Edge;
import io.uplion.gateway.edge.Edge.Credentials;
import io.uplion.gateway.edge.IdentityEdge;
import io.uplion.platform.identity.IdentityToken;
import io.uplion.platform.identity.Principal;
import io.uplion.platform.secret.Secret;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Behind Envoy, which has asked `access`: there is nothing left here that could be away.
class IdentityEdgeTest extends EdgeContract {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final Secret SECRET = Secret.of("0123456789abcdef0123456789abcdef");
    private static final Principal WHO =
            new Principal(
                    UUID.randomUUID(),
                    UUID.randomUUID(),
                    Optional.of(UUID.randomUUID()),
                    Set.of(Principal.Role.MEMBER),
                    Set.of("staff"),
                    Set.of("m"));

    private final Edge edge = new IdentityEdge(new IdentityToken(SECRET, CLOCK));

    @Override
    Edge edge() {
        return edge;
    }

    private static Credentials signed(Secret secret, Clock clock) {
        return new Credentials(null, null, new IdentityToken(secret, clock).sign(WHO));
    }

    @Override
    Credentials known() {
        return signed(SECRET, CLOCK);
    }

    @Override
    Principal who() {
        return WHO;
    }

    @Override
    Credentials malformed() {
        return new Credentials(null, null, "forged");
    }

    /// Signed by somebody else.
    @Override
    Credentials nobodys() {
        return signed(Secret.of("another secret of thirty-two bytes"), CLOCK);
    }

    @Test
    void identityOfLongAgoIs401() {
        var earlier = Clock.offset(CLOCK, Duration.ofMinutes(-5));

        assertThat(refusal(signed(SECRET, earlier)).status()).isEqualTo(401);
    }
}
