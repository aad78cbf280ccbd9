// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.store.key;

import java.math.BigInteger;

/// Numbers in the digits `0-9A-Za-z`, of fixed width.
final class Base62 {

    private static final String DIGITS =
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final BigInteger BASE = BigInteger.valueOf(DIGITS.length());

    private Base62() {}

    /// @param bytes an unsigned number, most significant byte first; it must fit `width` digits
    static String encode(byte[] bytes, int width) {
        char[] digits = new char[width];
        BigInteger rest = new BigInteger(1, bytes);
        for (int index = width - 1; index >= 0; index--) {
            BigInteger[] parts = rest.divideAndRemainder(BASE);
            digits[index] = DIGITS.charAt(parts[1].intValue());
            rest = parts[0];
        }
        return new String(digits);
    }

    /// @param number not negative; it must fit `width` digits
    static String encode(long number, int width) {
        char[] digits = new char[width];
        long rest = number;
        for (int index = width - 1; index >= 0; index--) {
            digits[index] = DIGITS.charAt((int) (rest % DIGITS.length()));
            rest /= DIGITS.length();
        }
        return new String(digits);
    }

    static boolean isDigits(String text, int from) {
        for (int index = from; index < text.length(); index++) {
            char c = text.charAt(index);
            boolean digit =
                    (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            if (!digit) {
                return false;
            }
        }
        return true;
    }
}
