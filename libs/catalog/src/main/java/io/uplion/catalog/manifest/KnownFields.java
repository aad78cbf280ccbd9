// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.manifest;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// The fields a mapping may have.
///
/// @param secret whether a key that is not known may itself be a secret, as in `apiKey: {sk-…}`
record KnownFields(List<String> names, boolean secret) {
    private static final Pattern FIELD_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,39}");

    static KnownFields of(String... names) {
        return new KnownFields(List.of(names), false);
    }

    static KnownFields besideSecrets(String... names) {
        return new KnownFields(List.of(names), true);
    }

    /// The unknown key as a message may repeat it.
    String shown(String key) {
        return !secret && FIELD_NAME.matcher(key).matches() ? key : "(unknown)";
    }

    String refusal(String key) {
        return "unknown field; "
                + nearest(key)
                        .map(name -> "did you mean " + name + "?")
                        .orElse("known here: " + String.join(", ", names));
    }

    private Optional<String> nearest(String key) {
        if (!FIELD_NAME.matcher(key).matches()) {
            return Optional.empty();
        }
        String bare = letters(key);
        String best =
                names.stream().min(Comparator.comparingInt(n -> distance(bare, n))).orElse("");
        return Optional.of(best).filter(n -> distance(bare, n) <= Math.max(1, bare.length() / 3));
    }

    /// `base-url`, `base_url` and `baseURL` are all `baseUrl`.
    private static String letters(String key) {
        return key.replaceAll("[_.-]", "").toLowerCase(Locale.ROOT);
    }

    /// Levenshtein's edit distance.
    private static int distance(String bare, String name) {
        String other = letters(name);
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= bare.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int change = diagonal + (bare.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j - 1], row[j]) + 1);
            }
        }
        return row[other.length()];
    }
}
