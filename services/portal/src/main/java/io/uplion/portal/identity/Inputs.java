// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import java.util.Optional;
import java.util.regex.Pattern;

/// The bounds of what people type.
final class Inputs {

    static final int MAX_EMAIL = 254;
    static final int MAX_NAME = 100;

    /// Only what is surely no address is refused; whether one exists, a mail tells.
    private static final Pattern EMAIL = Pattern.compile("[^\\s@\\p{Cntrl}]+@[^\\s@\\p{Cntrl}]+");

    private Inputs() {}

    static boolean isEmail(String text) {
        return text.length() <= MAX_EMAIL && EMAIL.matcher(text).matches();
    }

    static Optional<String> problem(String email, String name) {
        if (!isEmail(email)) {
            return Optional.of("the email address is not valid");
        }
        if (name.isEmpty() || name.length() > MAX_NAME) {
            return Optional.of("the name must have 1 to " + MAX_NAME + " characters");
        }
        if (name.chars().anyMatch(Character::isISOControl)) {
            return Optional.of("the name must not contain control characters");
        }
        return Optional.empty();
    }
}
