// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.http;

import io.uplion.portal.limits.Problem;
import io.vertx.json.schema.OutputUnit;
import io.vertx.openapi.validation.SchemaValidationException;
import io.vertx.openapi.validation.ValidatorException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Why a request does not have the document's form, in words for people: which field, and what is
/// wrong with it.
final class Findings {
    private static final String BODY = "body";
    private static final int MOST = 20;

    /// As the library says it of the whole that lacks it.
    private static final Pattern MISSING = Pattern.compile("required property \"([^\"]+)\"");

    private Findings() {}

    static ProblemException problem(RuntimeException found) {
        return switch (found) {
            case SchemaValidationException form -> of(form);
            case ValidatorException other ->
                    ProblemException.of(400, "invalid", String.valueOf(other.getMessage()));
            default -> throw found;
        };
    }

    private static ProblemException of(SchemaValidationException form) {
        OutputUnit unit = form.getOutputUnit();
        List<OutputUnit> errors =
                unit == null ? List.of() : Optional.ofNullable(unit.getErrors()).orElse(List.of());
        // The outer ones say only that something within them is wrong.
        List<Problem> fields =
                errors.stream()
                        .filter(error -> isInnermost(error, errors))
                        .map(Findings::field)
                        .distinct()
                        .limit(MOST)
                        .toList();
        return fields.isEmpty()
                ? ProblemException.of(400, "invalid", String.valueOf(form.getMessage()))
                : ProblemException.of(400, fields);
    }

    private static boolean isInnermost(OutputUnit error, List<OutputUnit> all) {
        String within = error.getInstanceLocation() + "/";
        return all.stream().noneMatch(other -> other.getInstanceLocation().startsWith(within));
    }

    private static Problem field(OutputUnit error) {
        String reason = String.valueOf(error.getError());
        String place = error.getInstanceLocation().replaceFirst("^#/?", "").replace('/', '.');
        Matcher missing = MISSING.matcher(reason);
        if (missing.find()) {
            return new Problem(inside(place, missing.group(1)), "is missing");
        }
        return new Problem(place.isEmpty() ? BODY : place, reason);
    }

    private static String inside(String place, String field) {
        return place.isEmpty() ? field : place + "." + field;
    }
}
