// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.openai.ErrorCode;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RefusalsTest {
    @ParameterizedTest
    @EnumSource
    void aDenialIs401OrA403ForAKeyThatWorksElsewhere(Decision.Reason reason) {
        var works = Set.of(Decision.Reason.ADDRESS, Decision.Reason.SCOPE).contains(reason);

        assertThat(Refusals.of(new Decision.Denied(reason)).status()).isEqualTo(works ? 403 : 401);
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
        var error = Refusals.of(new Decision.Denied(reason));

        assertThat(error.code()).isEqualTo(code);
        assertThat(error.message()).contains(words);
    }

    @Test
    void databaseThatCannotBeAskedIs503AndNever401() {
        assertThat(Refusals.unavailable().code()).isEqualTo(ErrorCode.ACCESS_UNAVAILABLE);
        assertThat(Refusals.unavailable().status()).isEqualTo(503);
    }
}
