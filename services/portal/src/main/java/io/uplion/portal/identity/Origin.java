// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

/// From where somebody signs in, for the list in which he finds his own sessions. What is longer
/// than fits is cut: it decides nothing.
public record Origin(String address, String userAgent) {
    private static final int MAX_ADDRESS = 45;
    private static final int MAX_USER_AGENT = 200;

    public Origin {
        address = bounded(address, MAX_ADDRESS);
        userAgent = bounded(userAgent, MAX_USER_AGENT);
    }

    /// Counted as the database counts: a character that takes two places in Java is one.
    private static String bounded(String text, int most) {
        return text.codePoints()
                .filter(character -> !Character.isISOControl(character))
                .filter(character -> Character.getType(character) != Character.SURROGATE)
                .limit(most)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
