// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.store.key;

import io.uplion.platform.secret.Secret;
import java.security.SecureRandom;
import java.util.Optional;

/// What a browser shows to prove its session, in clear: `ups_`, then as an [ApiKey].
public final class SessionToken {

    private static final TokenForm FORM = new TokenForm("ups_");

    /// Characters of a whole token.
    public static final int LENGTH = TokenForm.LENGTH;

    private final String text;

    private SessionToken(String text) {
        this.text = text;
    }

    public static SessionToken generate(SecureRandom random) {
        return new SessionToken(FORM.generate(random));
    }

    /// Empty unless length, alphabet and checksum are right. Touches nothing but the text.
    public static Optional<SessionToken> parse(String text) {
        return FORM.matches(text) ? Optional.of(new SessionToken(text)) : Optional.empty();
    }

    /// Whether somebody means a session by it, and not a key.
    public static boolean isMeantBy(String text) {
        return text.startsWith(FORM.scheme());
    }

    /// What is stored in place of the token. A fast hash is enough for 256 random bits.
    public KeyHash sha256() {
        return KeyHash.of(text);
    }

    /// The whole token, for the browser alone.
    public Secret secret() {
        return Secret.of(text);
    }

    @Override
    public String toString() {
        return FORM.scheme() + "[REDACTED]";
    }
}
