// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The regular expressions of one schema. They are a client's: what looks for matches needs time in
/// proportion to the text, whatever the expression is.
///
/// @param param where the schema stands in the request, for errors
record Patterns(String param, Map<String, Pattern> compiled) {
    private static final int MAX_SIZE = 20_000;
    private static final int MOST_REPETITIONS = 300;

    Patterns(String param) {
        this(param, new HashMap<>());
    }

    boolean find(String pattern, String text) {
        return compiled(pattern).matcher(text).find();
    }

    /// @param least length
    /// @param most length
    /// @return a text that the expression matches; nothing where none was found
    Optional<String> sample(String pattern, int least, int most, int variant) {
        compiled(pattern);
        for (int i = 0; i <= MOST_REPETITIONS; i++) {
            // One repetition is what looks natural; none is tried after it.
            int more = i < 2 ? 1 - i : i;
            Optional<String> made = PatternText.of(pattern, more, variant);
            if (made.isEmpty()) {
                return made;
            }
            String text = made.get();
            String padding = "a".repeat(Math.max(0, least - length(text)));
            for (String padded : List.of(text + padding, padding + text)) {
                if (length(padded) <= most && find(pattern, padded)) {
                    return Optional.of(padded);
                }
            }
        }
        return Optional.empty();
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private Pattern compiled(String pattern) {
        Pattern known = compiled.get(pattern);
        if (known != null) {
            return known;
        }
        if (pattern.length() > MAX_SIZE || PatternText.size(pattern) > MAX_SIZE) {
            throw Refusal.invalidValue(
                    param,
                    "A 'pattern' of the schema is too large, or its groups are nested too deep,"
                            + " for the simulator.");
        }
        try {
            Pattern made = Pattern.compile(inOtherWords(pattern));
            compiled.put(pattern, made);
            return made;
        } catch (PatternSyntaxException _) {
            throw Refusal.invalidValue(
                    param,
                    "The simulator does not understand the 'pattern' '"
                            + Quote.of(pattern)
                            + "': it knows no look-around and no back references.");
        }
    }

    /// JavaScript's escapes and names of groups, as RE2 writes them. `\Q` is the letter Q in
    /// JavaScript; RE2 would take what follows for text, and so see groups where [PatternText],
    /// which has measured the expression, saw none.
    private static String inOtherWords(String pattern) {
        return pattern.replaceAll("(?<!\\\\)((?:\\\\\\\\)*)\\\\u([0-9a-fA-F]{4})", "$1\\\\x{$2}")
                .replaceAll("(?<!\\\\)((?:\\\\\\\\)*)\\\\Q", "$1Q")
                .replaceAll("(?<!\\\\)((?:\\\\\\\\)*)\\(\\?<(?=[A-Za-z_])", "$1(?P<");
    }
}
