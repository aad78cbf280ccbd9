// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.counting;

import io.uplion.platform.identity.Limits;
import io.uplion.platform.identity.Subject;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Who has a budget, as the database says.
final class BudgetSql {
    private static final String CHANGED_SINCE =
            """
            SELECT id AS account, 'ACCOUNT' AS kind, id, budget_period, version
            FROM accounts WHERE budget_nanos IS NOT NULL AND version > :since
            UNION ALL
            SELECT m.account_id, 'USER', u.id, u.budget_period, u.version
            FROM users u JOIN account_members m ON m.user_id = u.id
            WHERE u.budget_nanos IS NOT NULL AND u.version > :since
            UNION ALL
            SELECT account_id, 'KEY', coalesce(counted_as, id), budget_period, version
            FROM api_keys
            WHERE budget_nanos IS NOT NULL AND revoked_at IS NULL AND version > :since
            """;

    private BudgetSql() {}

    /// @param since a version; what is newer is told
    static List<BudgetOf> changedSince(Handle handle, long since) {
        return handle.createQuery(CHANGED_SINCE)
                .bind("since", since)
                .map(
                        (row, _) ->
                                new BudgetOf(
                                        row.getObject("account", UUID.class),
                                        new Subject(
                                                Subject.Kind.valueOf(row.getString("kind")),
                                                row.getObject("id", UUID.class)),
                                        Limits.Period.valueOf(row.getString("budget_period")),
                                        row.getLong("version")))
                .list();
    }
}
