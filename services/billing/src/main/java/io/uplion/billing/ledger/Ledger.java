// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.ledger;

import io.uplion.billing.intake.UsageBatch;
import io.uplion.counters.reserve.Counter;
import io.uplion.counters.reserve.Spent;
import io.uplion.task.Claim;
import io.uplion.task.UsageRecord;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes usage. A batch is one transaction: ledger, what is spent, balances and rollups agree at
/// any time, and a record that comes again changes none of them.
public final class Ledger {
    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);

    private static final String UNIQUE_VIOLATION = "23505";

    private final Jdbi jdbi;
    private final Judge judge;
    private final Months months;

    /// @param genuine whether a gateway has said so
    public Ledger(
            Jdbi jdbi, Predicate<Claim> genuine, Months months, Retention retention, Clock clock) {
        this.jdbi = jdbi;
        this.judge = new Judge(genuine, retention, clock);
        this.months = months;
    }

    /// Throws where the database cannot be asked; then nothing is written, or something was and
    /// will be found when it is tried again.
    public Written write(UsageBatch batch) {
        List<Reject> rejects = new ArrayList<>();
        batch.unreadable().forEach(it -> rejects.add(Reject.of(it)));
        // The first record of a task counts.
        Map<UUID, Charge> charges = new LinkedHashMap<>();
        for (UsageRecord usage : batch.records()) {
            switch (judge.judge(usage)) {
                case Judged.Due(Charge charge) -> charges.putIfAbsent(charge.task(), charge);
                case Judged.Refused(Reject reject) -> rejects.add(reject);
            }
        }
        List<Charge> ordered =
                charges.values().stream()
                        .sorted(
                                Comparator.comparing(Charge::acceptedAt)
                                        .thenComparing(Charge::task))
                        .toList();
        months.ensure(ordered.stream().map(Charge::month).distinct().toList());
        return write(ordered, rejects);
    }

    /// Where the database refuses something for what it is, halves are tried, down to the one that
    /// cannot be stored.
    private Written write(List<Charge> charges, List<Reject> rejects) {
        if (charges.isEmpty() && rejects.isEmpty()) {
            return Written.NOTHING;
        }
        try {
            return write(charges, rejects, Set.of());
        } catch (JdbiException | ArithmeticException e) {
            if (charges.isEmpty() || !isItsOwnFault(e)) {
                throw e;
            }
            if (charges.size() == 1 && rejects.isEmpty()) {
                Reject reject = unstorable(charges.getFirst(), e);
                LOG.atError()
                        .addKeyValue("task", charges.getFirst().task())
                        .log("a usage record is set aside: {}", reject.reason());
                return write(List.of(), List.of(reject));
            }
            int half = charges.size() / 2;
            return write(List.of(), rejects)
                    .and(write(charges.subList(0, half), List.of()))
                    .and(write(charges.subList(half, charges.size()), List.of()));
        }
    }

    /// Nobody is charged for a task whose money others may have been given.
    private static List<Charge> withoutGivenUp(Handle handle, List<Charge> charges) {
        if (charges.isEmpty()) {
            return charges;
        }
        GivenUpSql.lockToCharge(handle);
        // Ids are in the order of their times, and so are charges.
        Set<UUID> givenUp =
                GivenUpSql.between(handle, charges.getFirst().task(), charges.getLast().task());
        return givenUp.isEmpty()
                ? charges
                : charges.stream()
                        .map(charge -> givenUp.contains(charge.task()) ? charge.given() : charge)
                        .toList();
    }

    /// Says that these tasks hold no money any more: whatever is reported of them from now on is
    /// charged to nobody. What is billed already stays as it is.
    ///
    /// @return those that may be freed; the others are billed, and freed by being told so
    public Set<UUID> giveUp(Collection<UUID> tasks) {
        return jdbi.inTransaction(
                handle -> {
                    GivenUpSql.lockToGiveUp(handle);
                    GivenUpSql.add(handle, tasks);
                    return GivenUpSql.among(handle, tasks);
                });
    }

    /// Most batches come once. Where something has come before, the transaction fails, and is tried
    /// again without that.
    ///
    /// @param billed tasks that are known to be in the ledger
    private Written write(List<Charge> charges, List<Reject> rejects, Set<UUID> billed) {
        try {
            return jdbi.inTransaction(
                    handle -> {
                        rejects.forEach(reject -> LedgerSql.reject(handle, reject));
                        List<Charge> due = withoutGivenUp(handle, charges);
                        return new Batch(handle, due, billed).write(rejects.size());
                    });
        } catch (JdbiException e) {
            Set<UUID> found =
                    isThere(e)
                            ? jdbi.withHandle(handle -> LedgerSql.billed(handle, charges))
                            : billed;
            if (found.size() <= billed.size()) {
                throw e;
            }
            return write(charges, rejects, found);
        }
    }

    private static boolean isThere(JdbiException e) {
        return UNIQUE_VIOLATION.equals(state(e));
    }

    private static @Nullable String state(RuntimeException e) {
        return e.getCause() instanceof SQLException sql ? sql.getSQLState() : null;
    }

    private static Reject unstorable(Charge charge, Exception e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return Reject.of(charge.usage(), "it cannot be stored: " + cause.getMessage());
    }

    /// Data that the schema does not take, and nothing that another try could mend.
    private static boolean isItsOwnFault(RuntimeException e) {
        if (e instanceof ArithmeticException) {
            return true;
        }
        String state = state(e);
        // Data, constraints, or too large for an index.
        return state != null && state.matches("(22|23|54).{3}") && !state.equals(UNIQUE_VIOLATION);
    }

    /// What is spent, as the database says now; nothing is not spent.
    public Map<Counter, Spent> spent(UUID account, Collection<Counter> counters) {
        List<SpentKey> keys =
                counters.stream().map(counter -> new SpentKey(account, counter)).toList();
        Map<SpentKey, Spent> found = jdbi.withHandle(handle -> SpentSql.read(handle, keys));
        Map<Counter, Spent> spent = new HashMap<>();
        keys.forEach(key -> spent.put(key.counter(), found.getOrDefault(key, new Spent(0, 0))));
        return spent;
    }
}
