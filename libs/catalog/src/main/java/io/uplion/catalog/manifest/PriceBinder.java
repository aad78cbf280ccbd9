// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.manifest;

import io.uplion.catalog.AIModel.Price;

/// Reads `spec.price`. What is not priced is free, except that a part of input or output costs what
/// all of it costs.
final class PriceBinder {
    private static final KnownFields PRICE =
            KnownFields.of(
                    "inputPerMillion",
                    "cachedInputPerMillion",
                    "outputPerMillion",
                    "reasoningPerMillion",
                    "audioInputPerMillion",
                    "audioOutputPerMillion");
    private static final PriceFormat FORMAT = new PriceFormat();

    private PriceBinder() {}

    static Price bind(Fields spec) {
        Fields fields = spec.nested("price", PRICE);
        long input = fields.get("inputPerMillion", FORMAT, 0L);
        long cached = fields.get("cachedInputPerMillion", FORMAT, input);
        long output = fields.get("outputPerMillion", FORMAT, 0L);
        long reasoning = fields.get("reasoningPerMillion", FORMAT, output);
        long audioInput = fields.get("audioInputPerMillion", FORMAT, input);
        long audioOutput = fields.get("audioOutputPerMillion", FORMAT, output);
        return new Price(input, cached, output, reasoning, audioInput, audioOutput);
    }
}
