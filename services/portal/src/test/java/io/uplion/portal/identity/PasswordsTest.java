// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.platform.secret.Secret;
import org.junit.jupiter.api.Test;

class PasswordsTest {

    private final Passwords passwords = new Passwords();

    @Test
    void hashesWithTheCostsWePromise() {
        assertThat(passwords.hash(Secret.of("correct horse")))
                .startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
    }

    @Test
    void acceptsTheRightPasswordOnly() {
        var hash = passwords.hash(Secret.of("correct horse"));

        assertThat(passwords.verify(Secret.of("correct horse"), hash)).isTrue();
        assertThat(passwords.verify(Secret.of("correct horsf"), hash)).isFalse();
        assertThat(passwords.verify(Secret.of(""), hash)).isFalse();
        assertThat(passwords.verify(Secret.of("x".repeat(Passwords.MAX_LENGTH + 1)), hash))
                .isFalse();
    }

    @Test
    void whoHasNoLoginCostsAsMuchAsWhoHasOne() {
        var real = passwords.hash(passwords.random());

        assertThat(passwords.verifyNobody(passwords.random())).isFalse();
        assertThat(Passwords.NOBODY)
                .hasSameSizeAs(real)
                .startsWith(real.substring(0, real.indexOf('$', real.indexOf("p="))));
    }

    /// From the reference implementation (argon2-cffi's documentation): what another program wrote
    /// with other costs still verifies.
    @Test
    void verifiesHashesWithOtherCosts() {
        var hash =
                "$argon2id$v=19$m=65536,t=3,p=4$MIIRqgvgQbgj220jfp0MPA"
                        + "$YfwJSVjtjSU0zzV/P3S9nnQ/USre2wvJMjfCIjrTQbg";

        assertThat(passwords.verify(Secret.of("correct horse battery staple"), hash)).isTrue();
    }

    @Test
    void samePasswordTwiceHasTwoHashes() {
        var password = passwords.random();

        assertThat(passwords.hash(password)).isNotEqualTo(passwords.hash(password));
    }

    @Test
    void randomPasswordsAreLongAndReadable() {
        assertThat(passwords.random().reveal())
                .hasSize(20)
                .matches("[2-9A-HJ-NP-Za-km-z]+")
                .isNotEqualTo(passwords.random().reveal());
    }
}
