// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.access.Decision;
import io.uplion.gateway.edge.Edge;
import io.uplion.openai.ErrorCode;
import io.uplion.openai.OpenAiError;
import io.uplion.platform.identity.Principal;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LocalEdgeTest {
    private static OpenAiError refusal(Decision decision) {
        var translated = LocalEdge.translated(decision);
        assertThat(translated).isInstanceOf(Edge.Refused.class);
        return ((Edge.Refused) translated).error();
    }

    @Test
    void allowedPrincipalIsAdmitted() {
        var principal =
                new Principal(
                        new UUID(1, 1),
                        new UUID(2, 2),
                        Optional.empty(),
                        Set.of(),
                        Set.of(),
                        Set.of());

        assertThat(LocalEdge.translated(new Decision.Allowed(principal)))
                .isEqualTo(new Edge.Admitted(principal));
    }

    @ParameterizedTest
    @EnumSource
    void aDenialIs401OrA403ForAKeyThatWorksElsewhere(Decision.Reason reason) {
        var works = Set.of(Decision.Reason.ADDRESS, Decision.Reason.SCOPE).contains(reason);

        assertThat(refusal(new Decision.Denied(reason)).status()).isEqualTo(works ? 403 : 401);
    }

    @ParameterizedTest
    @CsvSource({
        "MISSING_KEY,MISSING_API_KEY,Authorization: Bearer",
        "MALFORMED_KEY,INVALID_API_KEY,not valid",
        "UNKNOWN_KEY,INVALID_API_KEY,not valid",
        "REVOKED,INVALID_API_KEY,revoked",
        "EXPIRED,INVALID_API_KEY,expired",
        "DISABLED,INVALID_API_KEY,switched off",
        "ROLLED,INVALID_API_KEY,replaced",
        "ADDRESS,ADDRESS_NOT_ALLOWED,this address",
        "SCOPE,KEY_SCOPE,cannot run inference",
    })
    void denialSaysWhatIsWrong(Decision.Reason reason, ErrorCode code, String words) {
        var error = refusal(new Decision.Denied(reason));

        assertThat(error.code()).isEqualTo(code);
        assertThat(error.message()).contains(words);
    }

    @Test
    void databaseThatCannotBeAskedIs503AndNever401() {
        var error = refusal(new Decision.Unavailable());

        assertThat(error.code()).isEqualTo(ErrorCode.ACCESS_UNAVAILABLE);
        assertThat(error.status()).isEqualTo(503);
    }
}
