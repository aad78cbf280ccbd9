// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.manifest;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// One of a few words.
///
/// @param available the words, and what they mean
/// @param later words of the schema that this version does not serve yet
record Choice<T>(Map<String, T> available, List<String> later) implements Format<T> {

    @Override
    public Optional<T> read(Value value) {
        Optional<String> text = value.text(expected());
        Optional<T> choice = text.flatMap(word -> Optional.ofNullable(available.get(word)));
        if (text.isPresent() && choice.isEmpty()) {
            value.refuse(refusal(text.get()));
        }
        return choice;
    }

    private String refusal(String word) {
        if (later.contains(word)) {
            return Shown.quoted(word)
                    + " is known but not available in this version; expected "
                    + expected();
        }
        return "found " + Shown.quoted(word) + "; expected " + expected();
    }

    @Override
    public String expected() {
        return String.join(" or ", new TreeSet<>(available.keySet()));
    }
}
