// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.keys;

import io.uplion.platform.identity.Principal.Scope;
import io.uplion.portal.limits.LimitRules;
import io.uplion.portal.limits.NameRules;
import io.uplion.portal.limits.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/// The bounds of what is asked of keys.
final class KeyRules {
    static final Duration LONGEST_OVERLAP = Duration.ofDays(30);

    private static final int MAX_LISTED = 100;
    private static final int MAX_MODEL_NAME = 253;

    private KeyRules() {}

    static Optional<Problem> problem(NewKey asked, Instant now) {
        return problem(asked.name().strip(), asked.terms())
                .or(() -> expiry(asked.expiresAt(), now));
    }

    static Optional<Problem> problem(KeyMetadata before, KeyMetadata after, Instant now) {
        return problem(after.name(), after.terms())
                .or(
                        () ->
                                after.expiresAt().equals(before.expiresAt())
                                        ? Optional.empty()
                                        : expiry(after.expiresAt(), now));
    }

    private static Optional<Problem> problem(String name, KeyTerms terms) {
        return Stream.of(
                        NameRules.name("name", name),
                        NameRules.names("models", terms.models(), MAX_MODEL_NAME),
                        NameRules.names("groups", terms.groups(), NameRules.MAX_GROUP_NAME),
                        ranges(terms),
                        limits(terms))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<Problem> ranges(KeyTerms terms) {
        return terms.ranges().size() > MAX_LISTED
                ? problem("ipRanges", "must be at most " + MAX_LISTED)
                : Optional.empty();
    }

    /// What a management key is limited to is about inference, which it cannot run.
    private static Optional<Problem> limits(KeyTerms terms) {
        if (terms.scope() == Scope.MANAGEMENT) {
            if (!terms.limits().isEmpty()) {
                return LimitRules.problem(terms.limits())
                        .or(() -> problem("limits", unenforceable()));
            }
            if (!terms.models().isEmpty()) {
                return problem("models", unenforceable());
            }
        }
        return LimitRules.problem(terms.limits());
    }

    private static String unenforceable() {
        return "cannot be enforced: a management key runs no inference";
    }

    private static Optional<Problem> expiry(Optional<Instant> expiresAt, Instant now) {
        return expiresAt.filter(expiry -> !expiry.isAfter(now)).isPresent()
                ? problem("expiresAt", "must be in the future")
                : Optional.empty();
    }

    static Optional<Problem> overlap(Duration overlap) {
        return overlap.isNegative() || overlap.compareTo(LONGEST_OVERLAP) > 0
                ? problem("overlap", "must be 0 to " + LONGEST_OVERLAP.toDays() + " days")
                : Optional.empty();
    }

    private static Optional<Problem> problem(String field, String reason) {
        return Optional.of(new Problem(field, reason));
    }
}
