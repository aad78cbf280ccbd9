// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.claim;

import io.uplion.catalog.price.PriceList;
import io.uplion.task.ClaimSeal;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.function.Supplier;

/// What this gateway says tasks are billed by. Safe for all threads.
///
/// @param prices as they are known now
public record Claims(ClaimSeal seal, Supplier<PriceList> prices) {

    public Terms terms(Instant accepted) {
        return new Terms(seal, prices.get(), accepted, OptionalLong.empty());
    }
}
