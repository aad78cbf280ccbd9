// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.report;

/// One line of a benchmark's table.
///
/// @param id of the target, as P1; empty for a figure that only explains another
/// @param measured the value, as people read it
public record Figure(String id, String what, String target, String measured, Verdict verdict) {

    /// Against the target.
    public enum Verdict {
        MET("met"),
        MISSED("missed"),
        NONE("");

        private final String word;

        Verdict(String word) {
            this.word = word;
        }

        public static Verdict of(boolean met) {
            return met ? MET : MISSED;
        }

        String word() {
            return word;
        }
    }

    /// A figure without a target.
    public static Figure plain(String what, String measured) {
        return new Figure("", what, "", measured, Verdict.NONE);
    }
}
