// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.uplion.billing.check.JournalHistory;
import io.uplion.billing.counting.BudgetKeeper;
import io.uplion.billing.intake.JournalSource;
import io.uplion.billing.intake.UsageSource.Bounds;
import io.uplion.billing.ledger.Retention;
import io.uplion.counters.redis.RedisCalls;
import io.uplion.counters.redis.RedisConfig;
import io.uplion.counters.redis.RedisSharedState;
import io.uplion.counters.reserve.RedisBudgets;
import io.uplion.store.Database;
import io.uplion.store.DatabaseConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/// Bills a journal until it is killed. Small batches: a kill hits between any two steps.
final class BillForever implements AutoCloseable {
    /// Nothing of the test's store is lost: nobody waits for renewals.
    private static final BudgetKeeper.Pace PACE =
            new BudgetKeeper.Pace(Duration.ZERO, Duration.ofMillis(100), Duration.ofMillis(500));

    private final Database database;
    private final RedisCalls redis;
    private final RedisSharedState shared;
    private final Billing billing;

    BillForever(DatabaseConfig config, Path journal, RedisConfig store, int batch)
            throws IOException {
        database = Database.open(config);
        redis = RedisCalls.at(store, Duration.ofSeconds(5));
        shared = RedisSharedState.at(store);
        var bounds = new Bounds(batch, Duration.ofMillis(50));
        billing =
                Billing.start(
                        new BillingConfig(
                                bounds,
                                Retention.FOR_EVER,
                                Duration.ofHours(1),
                                Duration.ofHours(1)),
                        PACE,
                        new Billing.Outside(
                                database.jdbi(),
                                JournalSource.open(
                                        journal, bounds, Duration.ofHours(1), Clock.systemUTC()),
                                new JournalHistory(journal),
                                new RedisBudgets(redis),
                                shared,
                                claim -> !claim.signature().equals("forged"),
                                new SimpleMeterRegistry()),
                        Clock.systemUTC());
    }

    /// @param arguments database, journal, Redis, batch
    public static void main(String[] arguments) throws Exception {
        var database = PostgresServer.patient(arguments[0]);
        var redis = RedisConfig.of(arguments[2], Optional.empty());
        var batch = Integer.parseInt(arguments[3]);
        try (var _ = new BillForever(database, Path.of(arguments[1]), redis, batch)) {
            new CountDownLatch(1).await();
        }
    }

    @Override
    public void close() {
        billing.close();
        database.close();
        shared.close();
        redis.close();
    }
}
