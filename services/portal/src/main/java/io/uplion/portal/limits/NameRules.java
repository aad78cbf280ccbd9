// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.limits;

import java.util.Optional;
import java.util.Set;

/// How names may look that people give.
public final class NameRules {
    public static final int MAX_GROUP_NAME = 100;
    private static final int MAX_NAME = 100;
    private static final int MAX_LISTED = 100;

    private NameRules() {}

    public static Optional<Problem> name(String field, String name) {
        if (name.isEmpty() || name.length() > MAX_NAME) {
            return problem(field, "must have 1 to " + MAX_NAME + " characters");
        }
        return name.chars().anyMatch(Character::isISOControl)
                ? problem(field, "must not contain control characters")
                : Optional.empty();
    }

    public static Optional<Problem> names(String field, Set<String> names, int longest) {
        if (names.size() > MAX_LISTED) {
            return problem(field, "must be at most " + MAX_LISTED);
        }
        boolean wrong =
                names.stream()
                        .anyMatch(
                                name ->
                                        name.isBlank()
                                                || name.length() > longest
                                                || name.chars().anyMatch(Character::isISOControl));
        return wrong
                ? problem(
                        field,
                        "each must have 1 to "
                                + longest
                                + " characters, none of them a control character")
                : Optional.empty();
    }

    private static Optional<Problem> problem(String field, String reason) {
        return Optional.of(new Problem(field, reason));
    }
}
