// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.check;

import io.uplion.billing.check.Difference.Between;
import io.uplion.billing.counting.CountersCheck;
import io.uplion.billing.ledger.Retention;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/// Compares the books: usage with the ledger, the ledger with the rollups, those with balances and
/// with what is spent, and that with the counters. Each link is compared, so the name of a
/// difference says which of them broke.
public final class Reconciliation {
    private static final int AT_ONCE = 1_000;
    private static final Duration SECOND_LOOK = Duration.ofSeconds(3);

    private final Jdbi jdbi;
    private final Optional<CountersCheck> counters;
    private final UsageHistory usage;
    private final Retention retention;
    private final Clock clock;

    /// @param counters nothing where they cannot be asked from here
    /// @param usage that was billed
    public Reconciliation(
            Jdbi jdbi,
            Optional<CountersCheck> counters,
            UsageHistory usage,
            Retention retention,
            Clock clock) {
        this.jdbi = jdbi;
        this.counters = counters;
        this.usage = usage;
        this.retention = retention;
        this.clock = clock;
    }

    /// Only what is found twice, some seconds apart: the rest was on its way.
    ///
    /// @param back as [#run] has it
    public List<Difference> confirmed(Duration back) {
        List<Difference> found = run(back);
        if (found.isEmpty()) {
            return found;
        }
        LockSupport.parkNanos(SECOND_LOOK.toNanos());
        List<Difference> again = run(back);
        return found.stream().filter(again::contains).toList();
    }

    /// @param back how far back the ledger is read; the rest is compared as a whole
    public List<Difference> run(Duration back) {
        List<Difference> all = new ArrayList<>(tables(clock.instant().minus(back)));
        counters.ifPresent(
                check ->
                        check.differences()
                                .forEach(
                                        wrong ->
                                                all.add(
                                                        new Difference(
                                                                Between.SPENT_AND_COUNTERS,
                                                                wrong.where(),
                                                                wrong.spent(),
                                                                wrong.counter()))));
        all.addAll(unbilled());
        return all;
    }

    /// Of one moment, while others write.
    private List<Difference> tables(Instant since) {
        return jdbi.inTransaction(
                TransactionIsolationLevel.REPEATABLE_READ,
                handle -> {
                    List<Difference> found = new ArrayList<>(ledger(handle, since));
                    found.addAll(CheckSql.days(handle));
                    found.addAll(CheckSql.balances(handle));
                    found.addAll(CheckSql.spent(handle));
                    return found;
                });
    }

    /// A day at a time: the ledger may be large. What is older than the retention may be half gone.
    private List<Difference> ledger(Handle handle, Instant since) {
        List<Difference> found = new ArrayList<>();
        Instant now = clock.instant();
        Instant oldest = CheckSql.oldest(handle).orElse(now);
        Instant from = retention.isForEver() ? oldest : later(oldest, retention.begin(now));
        Instant day = later(from, since).truncatedTo(ChronoUnit.DAYS);
        Instant end = now.plus(2, ChronoUnit.DAYS);
        while (day.isBefore(end)) {
            Instant next = day.plus(1, ChronoUnit.DAYS);
            found.addAll(CheckSql.rollups(handle, day, next));
            day = next;
        }
        return found;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private List<Difference> unbilled() {
        List<Difference> found = new ArrayList<>();
        Set<UUID> tasks = new HashSet<>();
        usage.read(
                record -> {
                    tasks.add(record.claim().task());
                    if (tasks.size() == AT_ONCE) {
                        found.addAll(missing(tasks));
                        tasks.clear();
                    }
                });
        found.addAll(missing(tasks));
        return found;
    }

    private List<Difference> missing(Set<UUID> tasks) {
        Instant begin = retention.begin(clock.instant());
        Set<UUID> kept = new HashSet<>(tasks);
        kept.removeIf(
                task -> Instant.ofEpochMilli(task.getMostSignificantBits() >>> 16).isBefore(begin));
        return jdbi.withHandle(handle -> CheckSql.missing(handle, kept)).stream()
                .map(
                        task ->
                                new Difference(
                                        Between.USAGE_AND_LEDGER,
                                        "task " + task,
                                        "it was used",
                                        "nothing"))
                .toList();
    }
}
