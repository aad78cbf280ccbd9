// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing;

import io.micrometer.core.instrument.MeterRegistry;
import io.uplion.billing.check.UsageHistory;
import io.uplion.billing.counting.BudgetKeeper;
import io.uplion.billing.intake.PulsarSource;
import io.uplion.counters.SharedState;
import io.uplion.counters.redis.RedisCalls;
import io.uplion.counters.redis.RedisSharedState;
import io.uplion.counters.reserve.RedisBudgets;
import io.uplion.platform.process.Service;
import io.uplion.queue.pulsar.PulsarConnection;
import io.uplion.store.Database;
import io.uplion.store.DatabaseHealth;
import io.uplion.task.ClaimSeal;
import java.time.Clock;
import java.time.Duration;

/// `billing` as a process: composition root. None of what it needs must be there when it starts.
public final class BillingServer implements Service {
    /// Nobody waits for an answer of ours.
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Database database;
    private final DatabaseHealth health;
    private final RedisCalls redis;
    private final SharedState shared;
    private final PulsarConnection pulsar;
    private final Billing billing;
    private volatile boolean closing;

    private BillingServer(BillingServerConfig config, MeterRegistry meters) {
        this.database = Database.open(config.database());
        this.health = DatabaseHealth.watch(database);
        this.redis = RedisCalls.at(config.redis(), PATIENCE);
        this.shared = RedisSharedState.at(config.redis());
        this.pulsar = PulsarConnection.open(config.pulsarUrl());
        this.billing =
                Billing.start(
                        config.billing(),
                        BudgetKeeper.Pace.DEFAULT,
                        new Billing.Outside(
                                database.jdbi(),
                                new PulsarSource(pulsar, config.billing().batch()),
                                UsageHistory.NONE,
                                new RedisBudgets(redis),
                                shared,
                                new ClaimSeal(config.claimSecret())::isGenuine,
                                meters),
                        Clock.systemUTC());
    }

    public static BillingServer start(BillingServerConfig config, MeterRegistry meters) {
        return new BillingServer(config, meters);
    }

    @Override
    public boolean isReady() {
        return !closing && health.isReady();
    }

    @Override
    public void close() {
        closing = true;
        try (database;
                health;
                redis;
                shared;
                pulsar;
                billing) {
            // The last first.
        }
    }
}
