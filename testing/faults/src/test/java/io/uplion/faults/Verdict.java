// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.faults;

import io.uplion.testing.load.Observation;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// What an answer says of limits. What is none of these must not happen where they are tested.
enum Verdict {
    ADMITTED,
    NO_MONEY,
    TOO_OFTEN,
    /// Limits or key could not be asked in time. That is no word on either.
    UNKNOWN,
    /// It was let in, and no broker or worker took it in time.
    UNSERVED,
    /// It was let in, and its worker died.
    BROKEN,
    /// Its gateway died: whether it was let in its client does not know.
    CUT,
    UNEXPECTED;

    private static final int SHOWN = 20;

    static Verdict of(Observation one) {
        return switch (one.end().kind()) {
            case COMPLETED -> ADMITTED;
            case HTTP_ERROR -> ofCode(one.end().code());
            case ERROR_EVENT -> one.end().code().equals("upstream_error") ? BROKEN : UNEXPECTED;
            case CONNECTION_BROKEN -> CUT;
            case CANCELLED_BY_CLIENT, HUNG -> UNEXPECTED;
        };
    }

    private static Verdict ofCode(String code) {
        return switch (code) {
            case "budget_held", "insufficient_quota" -> NO_MONEY;
            case "requests_limit_exceeded" -> TOO_OFTEN;
            case "access_unavailable", "limits_unavailable" -> UNKNOWN;
            case "queue_full", "queue_timeout", "model_unavailable" -> UNSERVED;
            case "upstream_error" -> BROKEN;
            default -> UNEXPECTED;
        };
    }

    static Set<Verdict> all(List<Observation> seen) {
        return seen.stream().map(Verdict::of).collect(Collectors.toSet());
    }

    /// How many say one of these.
    static long count(List<Observation> seen, Verdict... verdicts) {
        var counted = Set.of(verdicts);
        return seen.stream().filter(one -> counted.contains(of(one))).count();
    }

    /// How many of each there are, and the first that were not expected.
    static String summary(List<Observation> seen) {
        var counts =
                seen.stream().collect(Collectors.groupingBy(Verdict::of, Collectors.counting()));
        var unexpected = seen.stream().filter(one -> of(one) == UNEXPECTED).limit(SHOWN).toList();
        return counts + ", unexpected: " + unexpected;
    }
}
