// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.store.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class SessionTokenTest {
    private final SessionToken token = SessionToken.generate(new SecureRandom());

    @Test
    void aTokenHasItsSchemeAndTheFormOfAKey() {
        assertThat(token.secret().reveal())
                .matches("ups_[0-9A-Za-z]{49}")
                .hasSize(SessionToken.LENGTH);
        assertThat(SessionToken.parse(token.secret().reveal()).orElseThrow().sha256())
                .isEqualTo(token.sha256());
    }

    @Test
    void aKeyIsNoTokenAndATokenNoKey() {
        var key = ApiKey.generate(new SecureRandom());

        assertThat(SessionToken.parse(key.secret().reveal())).isEmpty();
        assertThat(ApiKey.parse(token.secret().reveal())).isEmpty();
        assertThat(SessionToken.isMeantBy(key.secret().reveal())).isFalse();
        assertThat(SessionToken.isMeantBy(token.secret().reveal())).isTrue();
    }

    @Test
    void oneWrongCharacterIsFound() {
        var text = token.secret().reveal();
        for (int index = 0; index < text.length(); index++) {
            var other = text.charAt(index) == 'x' ? "y" : "x";
            var wrong = text.substring(0, index) + other + text.substring(index + 1);
            assertThat(SessionToken.parse(wrong)).as(wrong).isEmpty();
        }
    }

    @Test
    void itIsNotPrinted() {
        assertThat(token).hasToString("ups_[REDACTED]");
    }
}
