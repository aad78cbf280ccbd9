// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.manifest;

import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Tag;

/// A whole number, both ends included.
record IntRange(int min, int max) implements Format<Integer> {
    /// No leading zeros: `010` is eight to some readers of YAML and ten to others.
    private static final Pattern DECIMAL = Pattern.compile("-?(0|[1-9][0-9]{0,11})");

    @Override
    public Optional<Integer> read(Value value) {
        Optional<String> text = value.scalar(expected(), Tag.INT, Tag.FLOAT);
        Optional<Integer> number = text.flatMap(this::parse);
        if (text.isPresent() && number.isEmpty()) {
            value.refuse("found " + Shown.quoted(text.get()) + "; expected " + expected());
        }
        return number;
    }

    private Optional<Integer> parse(String text) {
        if (!DECIMAL.matcher(text).matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(text);
        return number < min || number > max ? Optional.empty() : Optional.of((int) number);
    }

    @Override
    public String expected() {
        return "a whole number from " + min + " to " + max;
    }
}
