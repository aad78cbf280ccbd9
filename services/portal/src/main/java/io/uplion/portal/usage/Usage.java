// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.usage;

import io.uplion.portal.paging.Page;
import io.uplion.portal.paging.Position;
import io.uplion.store.Database;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/// Reads what was used. Calls block.
public final class Usage {
    /// The longest answer; whoever wants more narrows it down.
    public static final int MOST_ROWS = 10_000;

    private final Jdbi reads;

    /// @param reads a replica, where there is one
    public Usage(Database reads) {
        this.reads = reads.jdbi();
    }

    /// @return nothing, if there are too many rows
    public Optional<List<UsageRow>> sums(UsageQuery asked) {
        return few(reads.withHandle(handle -> UsageSql.sums(handle, asked, MOST_ROWS + 1)));
    }

    /// @param asked about accounts, models, pools and outcomes only
    /// @return nothing, if there are too many rows
    public Optional<List<TimesRow>> times(UsageQuery asked) {
        return few(reads.withHandle(handle -> UsageSql.times(handle, asked, MOST_ROWS + 1)));
    }

    private static <T> Optional<List<T>> few(List<T> rows) {
        return rows.size() > MOST_ROWS ? Optional.empty() : Optional.of(rows);
    }

    /// The requests that were billed, newest first.
    public Page<BilledRequest> requests(RequestQuery asked, Position after, int limit) {
        List<BilledRequest> found =
                reads.withHandle(handle -> RequestSql.page(handle, asked, after, limit + 1));
        return Page.of(found, limit, one -> new Position(one.acceptedAt(), one.task()));
    }
}
