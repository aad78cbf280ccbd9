// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.invariant;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The fake provider's text, read: `t0@a7 t1@a7 …`.
///
/// @param tokens how many there are
/// @param marks of the calls that the tokens come from, provider's name and serial number
/// @param faults in the order of the tokens, in words
record NumberedText(int tokens, Set<String> marks, List<String> faults) {
    /// What may follow is the script's padding.
    private static final Pattern TOKEN =
            Pattern.compile("t(\\d+)(?:@([A-Za-z]*\\d+))?(?:\u00e9\u20ac\ud83d\ude00)?x*");

    private static final int SHOWN = 40;

    /// All tokens but the first begin with a blank, so without the first the text does.
    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.replaceFirst("^ ", "").split(" ", -1));
    }

    static NumberedText read(String text) {
        Set<String> marks = new LinkedHashSet<>();
        List<String> faults = new ArrayList<>();
        int expected = 0;
        for (String word : words(text)) {
            Matcher token = TOKEN.matcher(word);
            if (!token.matches()) {
                String shown = word.substring(0, Math.min(SHOWN, word.length()));
                faults.add("'" + shown + "' where token " + expected + " should be");
                continue;
            }
            int number = Integer.parseInt(token.group(1));
            if (number != expected) {
                faults.add("token " + number + " where token " + expected + " should be");
            }
            expected = number + 1;
            if (token.group(2) != null) {
                marks.add(token.group(2));
            }
        }
        return new NumberedText(expected, marks, faults);
    }
}
