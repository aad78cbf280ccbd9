// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.store.key;

import io.uplion.platform.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.zip.CRC32;

/// An API key in clear: `upl_`, 43 Base62 digits (256 random bits), 6 Base62 digits of the CRC-32
/// of all before.
///
/// The checksum lets `access` refuse a mistyped or made-up key without a look-up, and lets secret
/// scanners recognise a real one. It is no protection: that is what the 256 bits are for.
public final class ApiKey {

    private static final String SCHEME = "upl_";
    private static final int RANDOM_BYTES = 32;
    private static final int RANDOM_DIGITS = 43;
    private static final int CHECKSUM_DIGITS = 6;
    private static final int CHECKED_LENGTH = 4 + RANDOM_DIGITS;
    private static final int PREFIX_LENGTH = 8;

    /// Characters of a whole key.
    public static final int LENGTH = CHECKED_LENGTH + CHECKSUM_DIGITS;

    private final String text;

    private ApiKey(String text) {
        this.text = text;
    }

    public static ApiKey generate(SecureRandom random) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        String checked = SCHEME + Base62.encode(bytes, RANDOM_DIGITS);
        return new ApiKey(checked + checksum(checked));
    }

    /// Empty unless length, alphabet and checksum are right. Touches nothing but the text.
    public static Optional<ApiKey> parse(String text) {
        if (text.length() != LENGTH || !text.startsWith(SCHEME)) {
            return Optional.empty();
        }
        if (!Base62.isDigits(text, SCHEME.length())) {
            return Optional.empty();
        }
        String checked = text.substring(0, CHECKED_LENGTH);
        return text.endsWith(checksum(checked)) ? Optional.of(new ApiKey(text)) : Optional.empty();
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
        return SCHEME + "[REDACTED]";
    }

    private static String checksum(String checked) {
        CRC32 crc = new CRC32();
        crc.update(checked.getBytes(StandardCharsets.ISO_8859_1));
        return Base62.encode(crc.getValue(), CHECKSUM_DIGITS);
    }
}
