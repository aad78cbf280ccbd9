// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.price;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/// A price as people write it, for a million tokens: `0.15` is 150 nano-units for a token. As in
/// the manifest three decimals are exact, and a fourth would be lost.
public final class PerMillion {
    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,20}(\\.[0-9]{1,20})?");
    private static final BigDecimal NANOS_PER_TOKEN = BigDecimal.valueOf(1000);
    private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000);
    private static final int DECIMALS = 3;

    private PerMillion() {}

    /// @return nano-units for a token
    /// @throws IllegalArgumentException with words for a person
    public static long nanos(String text) {
        if (!DECIMAL.matcher(text).matches() || new BigDecimal(text).compareTo(MOST) > 0) {
            throw new IllegalArgumentException(
                    "must be a price per million tokens such as 0.15, from 0 to "
                            + MOST
                            + "; there is one currency, which is not named");
        }
        BigDecimal nanos = new BigDecimal(text).multiply(NANOS_PER_TOKEN).stripTrailingZeros();
        if (nanos.scale() > 0) {
            throw new IllegalArgumentException(
                    "is finer than 0.001 per million tokens, which cannot be billed exactly");
        }
        return nanos.longValueExact();
    }

    public static String text(long nanos) {
        BigDecimal price = BigDecimal.valueOf(nanos, DECIMALS).stripTrailingZeros();
        return price.toPlainString();
    }
}
