// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads a regular expression and makes a text that it matches, for what schemas use: characters,
/// classes, groups, alternatives, repetitions. It does not look for matches.
final class PatternText {
    private static final int MAX_LENGTH = 10_000;
    private static final int ENDLESS = Integer.MAX_VALUE;

    /// Each group is several frames on the stack here, and several more in what compiles it; both
    /// stand on those of a schema that may itself be nested.
    private static final int MAX_NESTED = 100;

    /// Of what is not written out at all. Its product with a count of repetitions is still a long.
    private static final long TOO_LARGE = Long.MAX_VALUE >> 20;

    private final String pattern;
    private final int more;
    private final int variant;
    private int at;
    private int nested;
    private boolean known = true;

    /// @param text one that matches
    /// @param size of the expression with its repetitions written out
    private record Part(String text, long size) {}

    private record Times(int least, int most) {}

    private PatternText(String pattern, int more, int variant) {
        this.pattern = pattern;
        this.more = more;
        this.variant = variant;
    }

    /// @param more how often what may be repeated is, beyond what it must be
    /// @return nothing where the expression has something that is not known here
    static Optional<String> of(String pattern, int more, int variant) {
        PatternText reader = new PatternText(pattern, more, variant);
        Part whole = reader.alternatives();
        return reader.known ? Optional.of(whole.text()) : Optional.empty();
    }

    /// How large the expression is with its repetitions written out; more than any bound where its
    /// groups are nested too deep.
    static long size(String pattern) {
        return new PatternText(pattern, 0, 0).alternatives().size();
    }

    private Part alternatives() {
        List<Part> all = new ArrayList<>();
        all.add(sequence());
        while (next('|')) {
            all.add(sequence());
        }
        long size = all.stream().mapToLong(Part::size).sum();
        return new Part(all.get(variant % all.size()).text(), Math.min(size + 1, TOO_LARGE));
    }

    private Part sequence() {
        StringBuilder text = new StringBuilder();
        long size = 0;
        while (at < pattern.length() && pattern.charAt(at) != '|' && pattern.charAt(at) != ')') {
            Part atom = atom();
            Times times = times();
            long written = times.most() == ENDLESS ? times.least() + 1L : times.most();
            size += Math.min(atom.size() * Math.max(1, written), TOO_LARGE);
            long count = Math.min(times.most(), (long) times.least() + more);
            if (text.length() + count * atom.text().length() > MAX_LENGTH) {
                known = false;
            } else {
                text.repeat(atom.text(), (int) count);
            }
        }
        return new Part(text.toString(), Math.min(size, TOO_LARGE));
    }

    private Part atom() {
        char c = pattern.charAt(at++);
        return switch (c) {
            case '(' -> group();
            case '[' -> one(PatternClass.read(this::take));
            case '.' -> new Part("a", 1);
            case '^', '$' -> new Part("", 1);
            case '\\' -> one(PatternClass.escaped(this::take));
            default -> new Part(String.valueOf(c), 1);
        };
    }

    private Part one(Optional<PatternClass> of) {
        Optional<String> text = of.flatMap(set -> set.pick(variant));
        known &= text.isPresent();
        return new Part(text.orElse(""), 1);
    }

    private Part group() {
        if (nested == MAX_NESTED) {
            known = false;
            at = pattern.length();
            return new Part("", TOO_LARGE);
        }
        if (next('?') && !next(':')) {
            next('P');
            int end = pattern.indexOf('>', at);
            boolean named = at + 1 < end && pattern.charAt(at) == '<';
            if (named && Character.isJavaIdentifierStart(pattern.charAt(at + 1))) {
                at = end + 1;
            } else {
                known = false;
            }
        }
        nested++;
        Part inside = alternatives();
        nested--;
        next(')');
        return inside;
    }

    private Times times() {
        Times times = new Times(1, 1);
        if (next('*')) {
            times = new Times(0, ENDLESS);
        } else if (next('+')) {
            times = new Times(1, ENDLESS);
        } else if (next('?')) {
            times = new Times(0, 1);
        } else if (at < pattern.length() && pattern.charAt(at) == '{') {
            times = counted();
        } else {
            return times;
        }
        next('?');
        return times;
    }

    private Times counted() {
        int end = pattern.indexOf('}', at);
        String inside = end < 0 ? "" : pattern.substring(at + 1, end);
        if (!inside.matches("[0-9]{1,4}(,[0-9]{0,4})?")) {
            known = false;
            at++;
            return new Times(1, 1);
        }
        at = end + 1;
        String[] bounds = inside.split(",", -1);
        int least = Integer.parseInt(bounds[0]);
        if (bounds.length == 1) {
            return new Times(least, least);
        }
        return new Times(least, bounds[1].isEmpty() ? ENDLESS : Integer.parseInt(bounds[1]));
    }

    private boolean next(char wanted) {
        boolean there = at < pattern.length() && pattern.charAt(at) == wanted;
        at += there ? 1 : 0;
        return there;
    }

    /// @return 0 at the end
    private char take() {
        return at < pattern.length() ? pattern.charAt(at++) : 0;
    }
}
