// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.access.Entrance;
import io.uplion.counters.rate.Standing;
import io.uplion.gateway.edge.Edge;
import io.uplion.openai.ErrorCode;
import io.uplion.platform.identity.Principal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LocalEdgeTest {
    private static final Principal PRINCIPAL =
            new Principal(
                    new UUID(1, 1), new UUID(2, 2), Optional.empty(), Set.of(), Set.of(), Set.of());
    private static final Standing STANDING = new Standing("key:k", 60, 59, Duration.ofSeconds(1));
    private static final Map<String, String> HEADERS =
            Map.of(
                    "x-ratelimit-limit-requests", "60",
                    "x-ratelimit-remaining-requests", "59",
                    "x-ratelimit-reset-requests", "1s");

    @Test
    void whoIsLetInIsAdmittedAndToldHowItStands() {
        assertThat(LocalEdge.translated(new Entrance.Admitted(PRINCIPAL, Optional.of(STANDING))))
                .isEqualTo(new Edge.Admitted(PRINCIPAL, HEADERS));
        assertThat(LocalEdge.translated(new Entrance.Admitted(PRINCIPAL, Optional.empty())))
                .isEqualTo(new Edge.Admitted(PRINCIPAL, Map.of()));
    }

    @Test
    void whoIsNotIsRefusedAndToldToo() {
        var error = ErrorCode.REQUESTS_LIMITED.error("slowly");
        assertThat(LocalEdge.translated(new Entrance.Refused(error, Optional.of(STANDING))))
                .isEqualTo(new Edge.Refused(error, HEADERS));
    }
}
