// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.invariant;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What the checker found.
///
/// @param notes what is allowed but worth knowing
public record Report(List<Violation> violations, List<String> notes) {
    private static final int SHOWN = 100;

    public Report {
        violations = List.copyOf(violations);
        notes = List.copyOf(notes);
    }

    public boolean isClean() {
        return violations.isEmpty();
    }

    /// @throws AssertionError with every violation in words
    public Report assertClean() {
        if (!isClean()) {
            throw new AssertionError(toString());
        }
        return this;
    }

    /// A line for each violation, the first hundred, then the notes.
    @Override
    public String toString() {
        String head = isClean() ? "Every invariant holds." : violations.size() + " violations:";
        int hidden = Math.max(0, violations.size() - SHOWN);
        Stream<String> lines =
                Stream.of(
                                Stream.of(head),
                                violations.stream().limit(SHOWN).map(one -> "  " + one),
                                Stream.of("  … and " + hidden + " more").filter(_ -> hidden > 0),
                                notes.stream().map(note -> "  note: " + note))
                        .flatMap(part -> part);
        return lines.collect(Collectors.joining(System.lineSeparator()));
    }
}
