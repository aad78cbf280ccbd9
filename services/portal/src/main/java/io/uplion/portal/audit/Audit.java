// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.audit;

import io.uplion.portal.paging.Page;
import io.uplion.portal.paging.Position;
import io.uplion.store.Database;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/// Reads what was changed. Calls block.
public final class Audit {
    private final Jdbi reads;

    /// @param reads a replica, where there is one
    public Audit(Database reads) {
        this.reads = reads.jdbi();
    }

    /// Newest first.
    public Page<AuditEntry> page(AuditQuery asked, Position after, int limit) {
        List<AuditEntry> found =
                reads.withHandle(handle -> AuditSql.page(handle, asked, after, limit + 1));
        return Page.of(found, limit, entry -> new Position(entry.at(), entry.id()));
    }
}
