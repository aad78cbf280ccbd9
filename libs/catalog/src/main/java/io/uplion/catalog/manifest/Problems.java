// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.manifest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/// What is wrong with one document. Reading goes on after a problem, with a default in the value's
/// place, so that its author sees all of them at once.
final class Problems {
    private final String file;
    private final int firstLine;
    private final List<ManifestError> errors = new ArrayList<>();

    /// @param firstLine of the document in its file, counted from 1
    Problems(String file, int firstLine) {
        this.file = file;
        this.firstLine = firstLine;
    }

    /// @param line in the file, as [#lineOf] counts
    void add(int line, String field, String message) {
        errors.add(new ManifestError(file, line, field, message));
    }

    /// A problem of the document as a whole.
    ///
    /// @param offset lines from the document's first
    void addAt(int offset, String message) {
        add(firstLine + offset, "", message);
    }

    int lineOf(Node node) {
        return firstLine + node.getStartMark().map(Mark::getLine).orElse(0);
    }

    boolean none() {
        return errors.isEmpty();
    }

    List<ManifestError> byLine() {
        return errors.stream().sorted(Comparator.comparingInt(ManifestError::line)).toList();
    }
}
