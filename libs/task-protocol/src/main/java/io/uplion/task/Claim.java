// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.task;

import io.uplion.catalog.AIModel.Price;
import io.uplion.openai.Endpoint;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/// On whose account a committed attempt runs, and at what price: the gateway's word, which a worker
/// carries into the usage record.
///
/// @param key empty for a browser session
/// @param price the granted pool's, valid at acceptance
/// @param cap what is held for the task, in billionths of the currency: more is never charged.
///   Empty where nobody who pays has a budget
/// @param signature as [ClaimSeal] makes it; empty before that
public record Claim(
        UUID task,
        int attempt,
        UUID account,
        UUID user,
        Optional<UUID> key,
        String model,
        Endpoint endpoint,
        String pool,
        Price price,
        OptionalLong cap,
        String signature) {

    public Claim withSignature(String signed) {
        return new Claim(
                task, attempt, account, user, key, model, endpoint, pool, price, cap, signed);
    }
}
