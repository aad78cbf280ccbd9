// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing;

import io.uplion.billing.counting.BudgetKeeper;
import io.uplion.billing.intake.UsageBatch;
import io.uplion.billing.intake.UsageSource;
import io.uplion.billing.intake.UsageSource.SourceException;
import io.uplion.billing.ledger.Ledger;
import io.uplion.billing.ledger.Written;
import io.uplion.counters.reserve.Budgets;
import io.uplion.counters.reserve.Noted;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes a batch, writes it, tells the counters, acknowledges it: always in this order, and each
/// step until it succeeds. Whatever is killed in between, the batch comes again and changes nothing
/// that is there.
final class BillingLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BillingLoop.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration ENDING = Duration.ofSeconds(15);

    private final UsageSource source;
    private final Ledger ledger;
    private final Budgets budgets;
    private final BudgetKeeper keeper;
    private final BillingMetrics metrics;
    private final Clock clock;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = Thread.ofPlatform().name("billing").unstarted(this::run);
    private String trouble = "";

    BillingLoop(
            UsageSource source,
            Ledger ledger,
            Budgets budgets,
            BudgetKeeper keeper,
            BillingMetrics metrics,
            Clock clock) {
        this.source = source;
        this.ledger = ledger;
        this.budgets = budgets;
        this.keeper = keeper;
        this.metrics = metrics;
        this.clock = clock;
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!isClosing()) {
                persist(this::once);
            }
        } catch (InterruptedException _) {
            // What is not acknowledged comes again.
        }
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private boolean once() throws InterruptedException {
        UsageBatch batch = source.take();
        if (batch.isEmpty()) {
            metrics.idle();
        } else {
            bill(batch);
        }
        if (!isClosing()) {
            source.acknowledge();
            keeper.round();
        }
        return true;
    }

    private void bill(UsageBatch batch) throws InterruptedException {
        List<Written> written = new ArrayList<>(1);
        persist(() -> written.add(ledger.write(batch)));
        if (!written.isEmpty()) {
            metrics.written(batch, written.getFirst(), clock.instant());
            persist(() -> tell(written.getFirst()));
        }
    }

    /// @return whether all accounts are told
    private boolean tell(Written written) {
        List<CompletionStage<Noted>> notes = new ArrayList<>();
        written.accounts()
                .forEach(
                        (account, told) ->
                                notes.add(budgets.billed(account, told.spent(), told.tasks())));
        boolean all = true;
        for (CompletionStage<Noted> noted : notes) {
            switch (noted.toCompletableFuture().join()) {
                case Noted.Done() -> {}
                case Noted.Unknown(String why) -> {
                    all = false;
                    complain("the counters", why);
                }
            }
        }
        return all;
    }

    @FunctionalInterface
    private interface Step {
        /// @return whether it is done
        boolean done() throws InterruptedException;
    }

    /// Until it is done, or everything ends.
    private void persist(Step step) throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        while (!done(step)) {
            if (closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new InterruptedException("billing ends");
            }
            Duration longer = pause.multipliedBy(2);
            pause = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
        }
    }

    private boolean done(Step step) throws InterruptedException {
        try {
            boolean done = step.done();
            if (done && !trouble.isEmpty()) {
                LOG.info("billing goes on");
                trouble = "";
            }
            return done;
        } catch (JdbiException e) {
            complain("the database", cause(e));
            return false;
        } catch (SourceException e) {
            complain("the usage queue", String.valueOf(e.getMessage()));
            return false;
        } catch (RuntimeException e) {
            // A fault of ours: whoever mends it finds the batch where it is.
            if (complain("us", e.toString())) {
                LOG.atError().setCause(e).log("billing has failed, and tries again");
            }
            return false;
        }
    }

    private static String cause(JdbiException e) {
        return String.valueOf(e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
    }

    /// Once, and not for each try.
    private boolean complain(String what, String why) {
        boolean isNew = !trouble.equals(what);
        if (isNew) {
            LOG.warn("billing waits for {}: {}", what, why);
        }
        trouble = what;
        return isNew;
    }

    /// A batch that is being written is finished.
    @Override
    public void close() {
        closing.countDown();
        try {
            if (!thread.join(ENDING)) {
                thread.interrupt();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
