// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.store.key;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.zip.CRC32;

/// The form of what we hand out to be shown again: a scheme, 43 Base62 digits (256 random bits), 6
/// Base62 digits of the CRC-32 of all before.
///
/// The checksum lets `access` refuse what was mistyped or made up without a look-up, and lets
/// secret scanners recognise a real one. It is no protection: that is what the 256 bits are for.
///
/// @param scheme tells the kinds apart: four characters, for example `upl_`
record TokenForm(String scheme) {
    private static final int RANDOM_BYTES = 32;
    private static final int SCHEME_LENGTH = 4;
    private static final int RANDOM_DIGITS = 43;
    private static final int CHECKSUM_DIGITS = 6;
    private static final int CHECKED_LENGTH = SCHEME_LENGTH + RANDOM_DIGITS;

    /// Characters of a whole one.
    static final int LENGTH = CHECKED_LENGTH + CHECKSUM_DIGITS;

    TokenForm {
        if (scheme.length() != SCHEME_LENGTH) {
            throw new IllegalArgumentException("a scheme has four characters: " + scheme);
        }
    }

    String generate(SecureRandom random) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        String checked = scheme + Base62.encode(bytes, RANDOM_DIGITS);
        return checked + checksum(checked);
    }

    /// Whether length, alphabet and checksum are right. Touches nothing but the text.
    boolean matches(String text) {
        return text.length() == LENGTH
                && text.startsWith(scheme)
                && Base62.isDigits(text, SCHEME_LENGTH)
                && text.endsWith(checksum(text.substring(0, CHECKED_LENGTH)));
    }

    private static String checksum(String checked) {
        CRC32 crc = new CRC32();
        crc.update(checked.getBytes(StandardCharsets.ISO_8859_1));
        return Base62.encode(crc.getValue(), CHECKSUM_DIGITS);
    }
}
