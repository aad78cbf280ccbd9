// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.store;

import io.uplion.platform.management.Readiness;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether the database can be asked, as of the last look. It looks each second, on a thread of its
/// own: whoever wants to know costs the database nothing, and never waits for it.
public final class DatabaseHealth implements Readiness, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseHealth.class);
    private static final Duration EACH = Duration.ofSeconds(1);

    private final Database database;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("database-health").daemon().factory());
    private volatile boolean reachable = true;

    private DatabaseHealth(Database database) {
        this.database = database;
    }

    /// @param database counts as reachable until the first look says otherwise
    public static DatabaseHealth watch(Database database) {
        DatabaseHealth health = new DatabaseHealth(database);
        health.thread.scheduleWithFixedDelay(
                health::look, EACH.toMillis(), EACH.toMillis(), TimeUnit.MILLISECONDS);
        return health;
    }

    private void look() {
        boolean now = database.isReachable();
        if (now != reachable && !thread.isShutdown()) {
            if (now) {
                LOG.info("the database can be asked again");
            } else {
                LOG.warn("the database cannot be asked");
            }
        }
        reachable = now;
    }

    @Override
    public boolean isReady() {
        return reachable;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
