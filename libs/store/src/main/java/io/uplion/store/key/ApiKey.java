// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.store.key;

import io.uplion.platform.secret.Secret;
import java.security.SecureRandom;
import java.util.Optional;

/// An API key in clear: `upl_`, 43 Base62 digits (256 random bits), 6 Base62 digits of the CRC-32
/// of all before.
public final class ApiKey {

    private static final TokenForm FORM = new TokenForm("upl_");
    private static final int PREFIX_LENGTH = 8;

    /// Characters of a whole key.
    public static final int LENGTH = TokenForm.LENGTH;

    private final String text;

    private ApiKey(String text) {
        this.text = text;
    }

    public static ApiKey generate(SecureRandom random) {
        return new ApiKey(FORM.generate(random));
    }

    /// Empty unless length, alphabet and checksum are right. Touches nothing but the text.
    public static Optional<ApiKey> parse(String text) {
        return FORM.matches(text) ? Optional.of(new ApiKey(text)) : Optional.empty();
    }

    /// What is stored in place of the key. A fast hash is enough for 256 random bits.
    public KeyHash sha256() {
        return KeyHash.of(text);
    }

    /// The first characters, by which its owner recognises it in a list.
    public String prefix() {
        return text.substring(0, PREFIX_LENGTH);
    }

    public String last4() {
        return text.substring(LENGTH - 4);
    }

    /// The whole key, to be shown once.
    public Secret secret() {
        return Secret.of(text);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ApiKey that && secret().equals(that.secret());
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return FORM.scheme() + "[REDACTED]";
    }
}
