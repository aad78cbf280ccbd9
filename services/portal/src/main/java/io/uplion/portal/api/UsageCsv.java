// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.api;

import io.uplion.portal.http.Sink;
import io.uplion.portal.usage.Dimension;
import io.uplion.portal.usage.UsageRow;
import io.uplion.portal.usage.UsageRow.Tokens;
import java.util.ArrayList;
import java.util.List;

/// Sums of usage as a table for spreadsheets.
final class UsageCsv {
    private static final int ROWS_AT_ONCE = 500;

    private static final List<String> SUMS =
            List.of(
                    "requests",
                    "broken",
                    "input_tokens",
                    "cached_input_tokens",
                    "audio_input_tokens",
                    "output_tokens",
                    "reasoning_tokens",
                    "audio_output_tokens",
                    "nanos",
                    "absorbed_nanos");

    private UsageCsv() {}

    static void write(List<Dimension> by, List<UsageRow> rows, Sink sink) {
        List<String> names = new ArrayList<>(List.of("time"));
        by.forEach(dimension -> names.add(dimension.shown()));
        names.addAll(SUMS);
        sink.write(Csv.line(names));
        for (int from = 0; from < rows.size(); from += ROWS_AT_ONCE) {
            StringBuilder lines = new StringBuilder();
            rows.subList(from, Math.min(rows.size(), from + ROWS_AT_ONCE))
                    .forEach(row -> lines.append(line(by, row)));
            sink.write(lines.toString());
        }
    }

    private static String line(List<Dimension> by, UsageRow row) {
        List<Object> values = new ArrayList<>(List.of(row.time().toString()));
        by.forEach(dimension -> values.add(row.dimensions().getOrDefault(dimension.shown(), "")));
        Tokens tokens = row.tokens();
        values.addAll(
                List.of(
                        row.requests(),
                        row.broken(),
                        tokens.input(),
                        tokens.cachedInput(),
                        tokens.audioInput(),
                        tokens.output(),
                        tokens.reasoning(),
                        tokens.audioOutput(),
                        row.nanos(),
                        row.absorbedNanos()));
        return Csv.line(values);
    }
}
