// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.ledger;

import java.time.LocalDate;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// The statements about the ledger's parts.
final class MonthSql {

    private MonthSql() {}

    /// @return whether there was none
    static boolean make(Handle handle, LocalDate month) {
        return handle.createQuery("SELECT ledger_make_month(:month)")
                .bind("month", month)
                .mapTo(Boolean.class)
                .one();
    }

    /// Those that there are, the oldest first.
    static List<LocalDate> all(Handle handle) {
        return handle.createQuery(
                        """
                        SELECT to_date(substring(inhrelid::regclass::text FROM '\\d{4}_\\d{2}$'),
                            'YYYY_MM')
                        FROM pg_inherits WHERE inhparent = 'ledger'::regclass ORDER BY 1
                        """)
                .mapTo(LocalDate.class)
                .list();
    }

    /// Only one process at a time; the other one need not.
    static boolean lock(Handle handle) {
        return handle.createQuery(
                        "SELECT pg_try_advisory_xact_lock(hashtext('uplion.ledger.retention'))")
                .mapTo(Boolean.class)
                .one();
    }

    /// Whoever reads for long is not waited for: writers would wait behind us.
    static void drop(Handle handle, LocalDate month) {
        handle.execute("SET LOCAL lock_timeout = '2s'");
        handle.execute("DROP TABLE ledger_%tY_%<tm".formatted(month));
    }
}
