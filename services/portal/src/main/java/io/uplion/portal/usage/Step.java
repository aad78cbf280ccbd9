// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.usage;

/// How much time one row is about.
public enum Step {
    HOUR("hour", "date_trunc('hour', hour, 'UTC')"),
    DAY("day", "date_trunc('day', hour, 'UTC')"),
    MONTH("month", "date_trunc('month', hour, 'UTC')"),
    /// All of it.
    TOTAL("total", "CAST(:from AS timestamptz)");

    private final String shown;
    private final String sql;

    Step(String shown, String sql) {
        this.shown = shown;
        this.sql = sql;
    }

    public String shown() {
        return shown;
    }

    String sql() {
        return sql;
    }
}
