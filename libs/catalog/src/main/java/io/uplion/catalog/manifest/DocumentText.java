// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.manifest;

import java.util.ArrayList;
import java.util.List;

/// The text of one document of a file.
///
/// Files are cut before they are parsed, so that a document that is no YAML does not take the ones
/// after it along. YAML allows this: a marker at the start of a line ends a document wherever it
/// stands, even inside a quoted or a block scalar.
///
/// @param firstLine counted from 1
record DocumentText(String text, int firstLine) {

    /// The documents that hold anything; comments alone are none.
    static List<DocumentText> split(String file) {
        Cutter cutter = new Cutter(file);
        while (cutter.nextLine()) {}
        return cutter.documents;
    }

    private static final class Cutter {
        private final String file;
        private final List<DocumentText> documents = new ArrayList<>();
        private int start;
        private int startLine = 1;
        private int at;
        private int line = 1;
        private boolean begun;

        Cutter(String file) {
            this.file = file;
        }

        boolean nextLine() {
            if (at >= file.length()) {
                cut(at, line);
                return false;
            }
            int next = afterLine(at);
            String text = file.substring(at, next);
            if (isMarker(text, "---") && begun) {
                cut(at, line);
            }
            begun = begun || !isPreamble(text);
            if (isMarker(text, "...")) {
                cut(next, line + 1);
            }
            at = next;
            line++;
            return true;
        }

        private void cut(int end, int nextLine) {
            if (begun) {
                documents.add(new DocumentText(file.substring(start, end), startLine));
            }
            start = end;
            startLine = nextLine;
            begun = false;
        }

        private int afterLine(int from) {
            for (int i = from; i < file.length(); i++) {
                char c = file.charAt(i);
                if (c == '\n') {
                    return i + 1;
                }
                if (c == '\r') {
                    boolean pair = i + 1 < file.length() && file.charAt(i + 1) == '\n';
                    return pair ? i + 2 : i + 1;
                }
            }
            return file.length();
        }
    }

    private static boolean isMarker(String line, String marker) {
        return line.startsWith(marker)
                && (line.length() == marker.length()
                        || Character.isWhitespace(line.charAt(marker.length())));
    }

    /// What may stand before the `---` of the same document: directives, comments, nothing.
    private static boolean isPreamble(String line) {
        String text = line.strip();
        return text.isEmpty() || text.startsWith("#") || line.startsWith("%");
    }
}
