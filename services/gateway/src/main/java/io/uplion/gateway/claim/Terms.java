// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.claim;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.AIModel.Price;
import io.uplion.catalog.price.PriceList;
import io.uplion.platform.identity.Principal;
import io.uplion.task.Claim;
import io.uplion.task.ClaimSeal;
import io.uplion.task.Task;
import java.time.Instant;
import java.util.OptionalLong;

/// What holds for a request from its acceptance on, whatever is decided meanwhile: prices, and the
/// most that it may cost.
public final class Terms {
    private final ClaimSeal seal;
    private final PriceList prices;
    private final Instant accepted;
    private final OptionalLong cap;

    Terms(ClaimSeal seal, PriceList prices, Instant accepted, OptionalLong cap) {
        this.seal = seal;
        this.prices = prices;
        this.accepted = accepted;
        this.cap = cap;
    }

    /// The same with what is held for it, in billionths of the currency.
    public Terms withCap(OptionalLong held) {
        return new Terms(seal, prices, accepted, held);
    }

    public Price price(AIModel pool) {
        return prices.at(pool.model(), pool.name(), accepted, pool.price());
    }

    /// Signed.
    ///
    /// @param pool has the grant
    public Claim claim(Task task, Principal principal, int attempt, AIModel pool) {
        return seal.sign(
                new Claim(
                        task.id(),
                        attempt,
                        principal.account(),
                        principal.user(),
                        principal.key(),
                        task.model(),
                        task.endpoint(),
                        pool.name(),
                        price(pool),
                        cap,
                        ""));
    }
}
