// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The characters that one place of a regular expression allows.
///
/// @param ranges from and to, each included
/// @param others what is not in them
record PatternClass(List<Range> ranges, boolean others) {
    /// What people type, the likeliest first.
    private static final String USUAL =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                    + " -_.,:;/@#+*=!?'\"$%&~()";

    private static final Range DIGITS = new Range('0', '9');
    private static final List<Range> WORDS =
            List.of(new Range('a', 'z'), new Range('A', 'Z'), DIGITS, new Range('_', '_'));
    private static final List<Range> SPACES = List.of(new Range(' ', ' '), new Range('\t', '\r'));

    record Range(char from, char to) {
        boolean has(int c) {
            return from <= c && c <= to;
        }
    }

    interface Source {
        /// @return 0 at the end
        char take();
    }

    /// @param variant another one may give another character
    Optional<String> pick(int variant) {
        String allowed =
                USUAL.chars()
                        .filter(c -> ranges.stream().anyMatch(range -> range.has(c)) != others)
                        .mapToObj(Character::toString)
                        .collect(Collectors.joining());
        if (!allowed.isEmpty()) {
            return Optional.of(String.valueOf(allowed.charAt(variant % allowed.length())));
        }
        return others || ranges.isEmpty()
                ? Optional.empty()
                : Optional.of(String.valueOf(ranges.getFirst().from()));
    }

    /// What stands between brackets; the opening one is taken.
    ///
    /// @return nothing where it is not known here
    static Optional<PatternClass> read(Source source) {
        List<Range> ranges = new ArrayList<>();
        char c = source.take();
        boolean others = c == '^';
        c = others ? source.take() : c;
        boolean known = c != ']' && c != '[';
        boolean toCome = false;
        while (c != ']' && c != 0) {
            Optional<PatternClass> item = c == '\\' ? escaped(source) : Optional.of(single(c));
            known &= item.isPresent() && !item.get().others();
            List<Range> add = item.map(PatternClass::ranges).orElse(List.of());
            if (toCome && add.size() == 1) {
                Range before = ranges.removeLast();
                ranges.add(new Range(before.from(), add.getFirst().to()));
                toCome = false;
            } else {
                ranges.addAll(add);
            }
            c = source.take();
            if (c == '-' && !toCome && add.size() == 1) {
                char next = source.take();
                toCome = next != ']';
                if (!toCome) {
                    ranges.add(new Range('-', '-'));
                }
                c = next;
            }
        }
        return known ? Optional.of(new PatternClass(ranges, others)) : Optional.empty();
    }

    /// What stands behind a backslash, which is taken.
    ///
    /// @return nothing where it is not known here
    static Optional<PatternClass> escaped(Source source) {
        char c = source.take();
        return switch (c) {
            case 'd' -> Optional.of(new PatternClass(List.of(DIGITS), false));
            case 'D' -> Optional.of(new PatternClass(List.of(DIGITS), true));
            case 'w' -> Optional.of(new PatternClass(WORDS, false));
            case 'W' -> Optional.of(new PatternClass(WORDS, true));
            case 's' -> Optional.of(new PatternClass(SPACES, false));
            case 'S' -> Optional.of(new PatternClass(SPACES, true));
            case 'n' -> Optional.of(single('\n'));
            case 't' -> Optional.of(single('\t'));
            case 'r' -> Optional.of(single('\r'));
            case 'f' -> Optional.of(single('\f'));
            case 'x' -> coded(source, 2);
            case 'u' -> coded(source, 4);
            default ->
                    c == 0 || Character.isLetterOrDigit(c)
                            ? Optional.empty()
                            : Optional.of(single(c));
        };
    }

    private static Optional<PatternClass> coded(Source source, int digits) {
        int code = 0;
        for (int i = 0; i < digits; i++) {
            int digit = Character.digit(source.take(), 16);
            if (digit < 0) {
                return Optional.empty();
            }
            code = code * 16 + digit;
        }
        return Optional.of(single((char) code));
    }

    private static PatternClass single(char c) {
        return new PatternClass(List.of(new Range(c, c)), false);
    }
}
