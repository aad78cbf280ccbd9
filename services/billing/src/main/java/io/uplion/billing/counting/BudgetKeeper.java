// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.counting;

import io.uplion.billing.counting.Answers.AwayException;
import io.uplion.billing.intake.UsageSource;
import io.uplion.billing.ledger.Ledger;
import io.uplion.counters.reserve.Budgets;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens the counters of budgets and frees what nobody renews. On the thread that bills, between
/// two batches.
public final class BudgetKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(BudgetKeeper.class);

    private final Pace pace;
    private final LongSupplier nanoTime;
    private final Answers counters;
    private final Wanted wanted;
    private final Drain drain;
    private final Opening opening;
    private final Releasing releasing;
    private final String own = UUID.randomUUID().toString();
    private String store = "";
    private boolean away;
    private long looked;
    private long searched;
    private volatile int waiting;
    private final AtomicLong released = new AtomicLong();

    /// How often things are done.
    ///
    /// @param settling after the store was lost all running tasks are renewed within this time
    /// @param look between two rounds
    /// @param overdue between two looks for tasks that nobody renews
    public record Pace(Duration settling, Duration look, Duration overdue) {
        /// A round of renewals, and what may be late in it.
        public static final Pace DEFAULT =
                new Pace(Duration.ofSeconds(20), Duration.ofMillis(500), Duration.ofSeconds(3));

        /// Where whoever holds money dies with the store.
        public static final Pace ONE_PROCESS =
                new Pace(Duration.ZERO, Duration.ofMillis(500), Duration.ofSeconds(3));
    }

    /// What it works with.
    public record Outside(Jdbi jdbi, Ledger ledger, UsageSource source, Budgets budgets) {}

    public BudgetKeeper(Outside outside, Pace pace, Clock clock, LongSupplier nanoTime) {
        this.pace = pace;
        this.nanoTime = nanoTime;
        this.counters = new Answers(outside.budgets());
        this.wanted = new Wanted(outside.jdbi(), nanoTime);
        this.drain = new Drain(outside.source(), nanoTime);
        this.opening =
                new Opening(counters, outside.ledger(), drain, clock, nanoTime, pace.settling());
        this.releasing = new Releasing(counters, outside.ledger(), drain);
        this.looked = nanoTime.getAsLong() - pace.look().toNanos();
        this.searched = looked;
    }

    /// To be called often: most calls do nothing. Throws where the database or the source of usage
    /// cannot be asked.
    public void round() {
        long now = nanoTime.getAsLong();
        if (now - looked < pace.look().toNanos()) {
            return;
        }
        looked = now;
        try {
            look(now);
            if (away) {
                LOG.info("the counters of budgets can be asked again");
            }
            away = false;
        } catch (AwayException e) {
            if (!away) {
                LOG.warn("the counters of budgets cannot be asked: {}", e.getMessage());
            }
            away = true;
        }
    }

    private void look(long now) {
        drain.beginRound();
        String word = counters.incarnation(own + "-" + now);
        if (!word.equals(store)) {
            LOG.atInfo()
                    .addKeyValue("store", word)
                    .log("{} store of budgets", store.isEmpty() ? "found the" : "there is a new");
            store = word;
            opening.forgetAll();
            releasing.forgetAll();
        }
        wanted.refresh();
        opening.round(wanted);
        waiting = opening.waiting();
        if (now - searched >= pace.overdue().toNanos()) {
            searched = now;
            releasing.look();
        }
        released.addAndGet(releasing.release());
    }

    /// Budgets that are not open yet.
    public int waiting() {
        return waiting;
    }

    /// Tasks whose money was freed.
    public long released() {
        return released.get();
    }
}
