// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.platform.identity;

import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/// One of those who can be limited, switched off or ended.
public record Subject(Kind kind, UUID id) {

    public enum Kind {
        KEY,
        /// A browser in which somebody has signed in.
        SESSION,
        USER,
        ACCOUNT
    }

    public static Subject key(UUID id) {
        return new Subject(Kind.KEY, id);
    }

    public static Subject session(UUID id) {
        return new Subject(Kind.SESSION, id);
    }

    public static Subject user(UUID id) {
        return new Subject(Kind.USER, id);
    }

    public static Subject account(UUID id) {
        return new Subject(Kind.ACCOUNT, id);
    }

    /// For example `key:0f8fad5b-d9cb-469f-a165-70867728950e`; [#parse] reads it.
    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + ":" + id;
    }

    /// Nothing for what is no subject that this version knows.
    public static Optional<Subject> parse(String text) {
        int colon = text.indexOf(':');
        try {
            Kind kind =
                    Kind.valueOf(text.substring(0, Math.max(0, colon)).toUpperCase(Locale.ROOT));
            return Optional.of(new Subject(kind, UUID.fromString(text.substring(colon + 1))));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
