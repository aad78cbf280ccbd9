// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue;

import io.uplion.catalog.AIModel.Price;
import io.uplion.openai.Endpoint;
import io.uplion.openai.TokenUsage;
import io.uplion.task.Claim;
import io.uplion.task.UsageRecord;
import io.uplion.task.UsageRecord.Outcome;
import io.uplion.task.UsageRecord.Source;
import io.uplion.task.UsageRecord.Timing;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/// Usage records whose every field has a value of its own.
public final class SampleUsage {
    private SampleUsage() {}

    public static UsageRecord record(long serial) {
        return record(new UUID(0x0190_0000_0000_7000L, serial), Optional.of(new UUID(5, 6)));
    }

    public static UsageRecord record(UUID task, Optional<UUID> key) {
        var claim =
                new Claim(
                        task,
                        2,
                        new UUID(1, 2),
                        new UUID(3, 4),
                        key,
                        "modèle \"d'Été\" 模型 🦊",
                        Endpoint.EMBEDDINGS,
                        "pool-a",
                        new Price(150, 75, 600, 700, 800, 900),
                        OptionalLong.of(123_456_789_012L),
                        "sig-na_ture");
        return new UsageRecord(
                claim,
                Outcome.CANCELLED,
                Source.PARTIAL,
                new TokenUsage(11, 12, 13, 14, 15, 16),
                429,
                Instant.ofEpochMilli(1_700_000_000_123L),
                new Timing(Duration.ofMillis(21), Duration.ofMillis(22)));
    }
}
