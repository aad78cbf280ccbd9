// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.platform.identity;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Limits as they stand in a token: `kind|id|rpm|tpm|concurrent|nanos|period`, with nothing between
/// two bars where there is no limit. It travels with each request, so it is short.
final class LimitsClaim {
    private static final int WORDS = 7;

    private LimitsClaim() {}

    static List<String> of(Principal principal) {
        return principal.limited().stream().map(LimitsClaim::text).toList();
    }

    private static String text(Limited limited) {
        Limits limits = limited.limits();
        return String.join(
                "|",
                limited.subject().kind().name(),
                limited.subject().id().toString(),
                word(limits.rpm()),
                word(limits.tpm()),
                word(limits.concurrent()),
                word(limits.budget().map(Limits.Budget::nanos)),
                word(limits.budget().map(Limits.Budget::period)));
    }

    private static String word(Optional<?> value) {
        return value.map(String::valueOf).orElse("");
    }

    /// @throws IllegalArgumentException for what is none: a limit that cannot be read must not be
    ///   no limit
    static List<Limited> read(List<String> claim) {
        return claim.stream().map(LimitsClaim::limited).toList();
    }

    private static Limited limited(String text) {
        String[] words = text.split("\\|", -1);
        if (words.length != WORDS) {
            throw new IllegalArgumentException("not the limits of anybody");
        }
        Subject subject = new Subject(Subject.Kind.valueOf(words[0]), UUID.fromString(words[1]));
        Optional<Limits.Budget> budget =
                number(words[5])
                        .map(nanos -> new Limits.Budget(nanos, Limits.Period.valueOf(words[6])));
        Limits limits =
                new Limits(
                        number(words[2]),
                        number(words[3]),
                        number(words[4]).map(Math::toIntExact),
                        budget);
        return new Limited(subject, limits);
    }

    private static Optional<Long> number(String word) {
        return word.isEmpty() ? Optional.empty() : Optional.of(Long.parseLong(word));
    }
}
