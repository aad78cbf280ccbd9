// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.platform.secret.Secret;
import org.junit.jupiter.api.Test;

class CredentialsTest {

    @Test
    void readsBearerInAnyCaseAndApiKeyHeader() {
        assertThat(Credentials.of("Bearer abc", null)).isEqualTo(key("abc"));
        assertThat(Credentials.of("bearer   abc ", null)).isEqualTo(key("abc"));
        assertThat(Credentials.of(null, " abc ")).isEqualTo(key("abc"));
        assertThat(Credentials.of("Bearer abc", "def")).isEqualTo(key("abc"));
    }

    @Test
    void nothingIsNone() {
        assertThat(Credentials.of(null, null)).isEqualTo(new Credentials.None());
        assertThat(Credentials.of(" ", "")).isEqualTo(new Credentials.None());
    }

    @Test
    void anotherSchemeIsAKeyThatWillNotParse() {
        assertThat(Credentials.of("Basic abc", null)).isEqualTo(key("Basic abc"));
    }

    @Test
    void doesNotPrintTheKey() {
        assertThat(Credentials.of("Bearer abc", null).toString()).doesNotContain("abc");
    }

    private static Credentials key(String text) {
        return new Credentials.Key(Secret.of(text));
    }
}
