// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.manifest;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Tag;

/// A price per million tokens, read to nano-units per token. One unit per million is 1000 nanos per
/// token, so three decimals are exact and a fourth would be lost.
record PriceFormat() implements Format<Long> {
    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,20}(\\.[0-9]{1,20})?");
    private static final BigDecimal NANOS_PER_TOKEN = BigDecimal.valueOf(1000);

    /// One unit per token. Keeps the sum over a billion tokens inside a long.
    private static final BigDecimal MAX = BigDecimal.valueOf(1_000_000);

    @Override
    public Optional<Long> read(Value value) {
        return value.scalar(expected(), Tag.STR, Tag.INT, Tag.FLOAT)
                .flatMap(text -> parse(text, value));
    }

    private Optional<Long> parse(String text, Value value) {
        String found = "found " + Shown.quoted(text);
        if (!DECIMAL.matcher(text).matches() || new BigDecimal(text).compareTo(MAX) > 0) {
            value.refuse(found + "; expected " + expected());
            return Optional.empty();
        }
        BigDecimal nanos = new BigDecimal(text).multiply(NANOS_PER_TOKEN).stripTrailingZeros();
        if (nanos.scale() > 0) {
            value.refuse(found + "; finer than 0.001 per million tokens cannot be billed exactly");
            return Optional.empty();
        }
        return Optional.of(nanos.longValueExact());
    }

    @Override
    public String expected() {
        return "a price per million tokens such as \"0.15\", from 0 to " + MAX;
    }
}
