// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.api;

import io.uplion.portal.http.Reply;
import java.util.List;
import java.util.stream.Collectors;

/// Lines of CSV (RFC 4180) that spreadsheets take for values, never for formulas.
public final class Csv {
    private static final String FORMULA = "=+-@\t\r";

    private Csv() {}

    public static String line(List<?> values) {
        return values.stream().map(Csv::field).collect(Collectors.joining(",", "", "\r\n"));
    }

    /// What a browser saves as a file.
    public static Reply attached(String name, Reply.Writer writer) {
        return Reply.streamed("text/csv; charset=utf-8", writer)
                .with("content-disposition", "attachment; filename=\"" + name + "\"");
    }

    private static String field(Object value) {
        if (!(value instanceof String text)) {
            return String.valueOf(value);
        }
        boolean formula = !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0;
        String safe = formula ? "'" + text : text;
        boolean plain = safe.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? safe : '"' + safe.replace("\"", "\"\"") + '"';
    }
}
