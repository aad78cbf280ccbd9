// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.manifest;

import io.uplion.catalog.AIModel.Price;

/// Reads `spec.price`. What is not priced is free, except that cached input costs what input costs.
final class PriceBinder {
    private static final KnownFields PRICE =
            KnownFields.of("inputPerMillion", "cachedInputPerMillion", "outputPerMillion");
    private static final PriceFormat FORMAT = new PriceFormat();

    private PriceBinder() {}

    static Price bind(Fields spec) {
        Fields fields = spec.nested("price", PRICE);
        long input = fields.get("inputPerMillion", FORMAT, 0L);
        long cached = fields.get("cachedInputPerMillion", FORMAT, input);
        long output = fields.get("outputPerMillion", FORMAT, 0L);
        return new Price(input, cached, output);
    }
}
