// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.report;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Figures as a Markdown table with even columns: readable on a terminal, and as it stands in
/// RESULTS.md.
public final class Report {
    private static final List<String> HEAD =
            List.of("figure", "", "target", "measured: median (min–max)", "");

    private final List<List<String>> rows = new ArrayList<>(List.of(HEAD));

    public Report add(Figure figure) {
        rows.add(
                List.of(
                        figure.id(),
                        figure.what(),
                        figure.target(),
                        figure.measured(),
                        figure.verdict().word()));
        return this;
    }

    public void print(PrintWriter out) {
        int[] widths = new int[HEAD.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        out.println();
        for (int i = 0; i < rows.size(); i++) {
            out.println(line(rows.get(i), widths, " "));
            if (i == 0) {
                out.println(line(HEAD.stream().map(_ -> "").toList(), widths, "-"));
            }
        }
        out.flush();
    }

    private static String line(List<String> cells, int[] widths, String fill) {
        StringBuilder line = new StringBuilder("|");
        for (int i = 0; i < widths.length; i++) {
            String cell = cells.get(i);
            line.append(fill).append(cell).append(fill.repeat(widths[i] - cell.length()));
            line.append(fill).append('|');
        }
        return line.toString();
    }

    /// A value with its spread.
    public static String spread(Samples samples, String format) {
        return text(format, samples.median())
                + " ("
                + text(format, samples.min())
                + "–"
                + text(format, samples.max())
                + ")";
    }

    public static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
