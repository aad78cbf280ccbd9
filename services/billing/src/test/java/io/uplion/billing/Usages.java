// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing;

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
import java.util.concurrent.ThreadLocalRandom;

/// Usage of one user's key, of which each part can be another. A token costs a nano.
public record Usages(
        UUID account,
        UUID user,
        Optional<UUID> key,
        String model,
        Outcome outcome,
        OptionalLong cap,
        String signature) {

    public static Usages any() {
        return new Usages(
                UUID.randomUUID(),
                UUID.randomUUID(),
                Optional.of(UUID.randomUUID()),
                "m",
                Outcome.COMPLETED,
                OptionalLong.empty(),
                "");
    }

    public Usages of(UUID otherAccount) {
        return new Usages(otherAccount, user, key, model, outcome, cap, signature);
    }

    public Usages by(UUID otherUser, Optional<UUID> otherKey) {
        return new Usages(account, otherUser, otherKey, model, outcome, cap, signature);
    }

    public Usages model(String other) {
        return new Usages(account, user, key, other, outcome, cap, signature);
    }

    public Usages ended(Outcome how) {
        return new Usages(account, user, key, model, how, cap, signature);
    }

    public Usages capped(long nanos) {
        return new Usages(account, user, key, model, outcome, OptionalLong.of(nanos), signature);
    }

    public UsageRecord costs(long nanos) {
        return costs(nanos, Instant.now());
    }

    public UsageRecord costs(long nanos, Instant accepted) {
        return record(task(accepted), nanos);
    }

    public UsageRecord record(UUID task, long tokens) {
        var claim =
                new Claim(
                        task,
                        1,
                        account,
                        user,
                        key,
                        model,
                        Endpoint.CHAT,
                        "pool",
                        new Price(1, 1, 1),
                        cap,
                        signature);
        return new UsageRecord(
                claim,
                outcome,
                Source.REPORTED,
                TokenUsage.of(tokens, 0),
                200,
                Instant.now(),
                new Timing(Duration.ofMillis(30), Duration.ofMillis(700)));
    }

    /// A UUIDv7 of that time.
    public static UUID task(Instant accepted) {
        var random = ThreadLocalRandom.current();
        return new UUID(
                accepted.toEpochMilli() << 16 | 7 << 12 | random.nextLong(1 << 12),
                random.nextLong() >>> 2 | 1L << 63);
    }
}
