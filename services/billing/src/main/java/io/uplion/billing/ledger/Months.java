// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.ledger;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The ledger's parts, a month each: made ahead, and dropped as a whole once they are older than
/// anybody wants.
public final class Months {
    private static final Logger LOG = LoggerFactory.getLogger(Months.class);
    private static final int AHEAD = 2;

    private final Jdbi jdbi;
    private final Retention retention;
    private final Clock clock;
    private final Set<LocalDate> known = new HashSet<>();

    public Months(Jdbi jdbi, Retention retention, Clock clock) {
        this.jdbi = jdbi;
        this.retention = retention;
        this.clock = clock;
    }

    /// Makes those that are missing, this one and the next two.
    public void ahead() {
        LocalDate now = clock.instant().atOffset(ZoneOffset.UTC).toLocalDate().withDayOfMonth(1);
        for (int i = 0; i <= AHEAD; i++) {
            make(now.plusMonths(i));
        }
    }

    /// Before anything is written to them: also months that nobody has foreseen, when usage has
    /// waited for long.
    void ensure(Collection<LocalDate> months) {
        for (LocalDate month : months) {
            if (!known.contains(month)) {
                make(month);
            }
        }
    }

    private void make(LocalDate month) {
        if (jdbi.inTransaction(handle -> MonthSql.make(handle, month))) {
            LOG.atInfo().addKeyValue("month", month).log("the ledger has a new month");
        }
        known.add(month);
    }

    /// Drops those that are older than the retention.
    public void retire() {
        if (retention.isForEver()) {
            return;
        }
        Instant now = clock.instant();
        jdbi.useHandle(handle -> GivenUpSql.drop(handle, retention.begin(now)));
        LocalDate first = retention.firstMonth(now);
        List<LocalDate> old =
                jdbi.withHandle(MonthSql::all).stream().filter(it -> it.isBefore(first)).toList();
        for (LocalDate month : old) {
            known.remove(month);
            boolean dropped =
                    jdbi.inTransaction(
                            handle -> {
                                if (!MonthSql.lock(handle)) {
                                    return false;
                                }
                                MonthSql.drop(handle, month);
                                return true;
                            });
            if (dropped) {
                LOG.atInfo().addKeyValue("month", month).log("the ledger's month is over: dropped");
            }
        }
    }
}
