// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.platform.secret.Secret;
import org.junit.jupiter.api.Test;

class CredentialsTest {

    @Test
    void readsBearerInAnyCaseAndApiKeyHeader() {
        assertThat(Credentials.of("Bearer abc", null, Cookies.NONE)).isEqualTo(key("abc"));
        assertThat(Credentials.of("bearer   abc ", null, Cookies.NONE)).isEqualTo(key("abc"));
        assertThat(Credentials.of(null, " abc ", Cookies.NONE)).isEqualTo(key("abc"));
        assertThat(Credentials.of("Bearer abc", "def", Cookies.NONE)).isEqualTo(key("abc"));
    }

    @Test
    void nothingIsNone() {
        assertThat(Credentials.of(null, null, Cookies.NONE)).isEqualTo(new Credentials.None());
        assertThat(Credentials.of(" ", "", Cookies.NONE)).isEqualTo(new Credentials.None());
    }

    @Test
    void anotherSchemeIsAKeyThatWillNotParse() {
        assertThat(Credentials.of("Basic abc", null, Cookies.NONE)).isEqualTo(key("Basic abc"));
    }

    @Test
    void doesNotPrintTheKey() {
        assertThat(Credentials.of("Bearer abc", null, Cookies.NONE).toString())
                .doesNotContain("abc");
    }

    @Test
    void theCookieOfASessionCountsWhereThereIsNoKey() {
        var ours = new Cookies("__Host-uplion=ups_x", "same-origin", null, null);

        assertThat(Credentials.of(null, null, ours))
                .isEqualTo(new Credentials.Session(Secret.of("ups_x")));
        assertThat(Credentials.of("Bearer abc", null, ours)).isEqualTo(key("abc"));
        assertThat(Credentials.of(null, "abc", ours)).isEqualTo(key("abc"));
    }

    private static Credentials key(String text) {
        return new Credentials.Key(Secret.of(text));
    }
}
