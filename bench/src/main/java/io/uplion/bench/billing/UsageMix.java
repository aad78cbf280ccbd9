// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.billing;

import io.uplion.catalog.AIModel.Price;
import io.uplion.openai.Endpoint;
import io.uplion.openai.TokenUsage;
import io.uplion.task.Claim;
import io.uplion.task.ClaimSeal;
import io.uplion.task.UsageRecord;
import io.uplion.task.UsageRecord.Outcome;
import io.uplion.task.UsageRecord.Source;
import io.uplion.task.UsageRecord.Timing;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;

/// Usage of many keys and some models, signed as gateways do.
final class UsageMix {
    private static final int MODELS = 10;
    private final Random random = new Random(1);
    private final ClaimSeal seal;
    private final int keys;

    UsageMix(ClaimSeal seal, int keys) {
        this.seal = seal;
        this.keys = keys;
    }

    /// Two keys of each user, five users of each account.
    UsageRecord next() {
        int key = random.nextInt(keys);
        long now = System.currentTimeMillis();
        UUID task =
                new UUID(
                        now << 16 | 7 << 12 | random.nextLong(1 << 12),
                        random.nextLong() >>> 2 | 1L << 63);
        Claim claim =
                new Claim(
                        task,
                        1,
                        new UUID(1, key / 10),
                        new UUID(2, key / 2),
                        Optional.of(new UUID(3, key)),
                        "model-" + random.nextInt(MODELS),
                        Endpoint.CHAT,
                        "pool",
                        new Price(150, 75, 600),
                        OptionalLong.of(1_000_000_000),
                        "");
        int output = 1 + random.nextInt(1_000);
        return new UsageRecord(
                seal.sign(claim),
                Outcome.COMPLETED,
                Source.REPORTED,
                new TokenUsage(random.nextInt(2_000), 0, output, 0),
                200,
                Instant.ofEpochMilli(now),
                new Timing(
                        Duration.ofMillis(random.nextInt(2_000)), Duration.ofMillis(output * 10L)));
    }
}
