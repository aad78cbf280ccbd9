// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing;

import static io.uplion.billing.PostgresServer.number;
import static io.uplion.billing.PostgresServer.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.task.UsageRecord;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/// What the tables must say after these records, whatever happened in between.
final class Books {
    private final Map<String, Long> byAccount = new TreeMap<>();
    private long nanos;
    private final int tasks;

    /// @param expected one record of each task that costs what its input is
    Books(Collection<UsageRecord> expected) {
        for (var usage : expected) {
            nanos += usage.tokens().input();
            byAccount.merge(account(usage.claim().account()), usage.tokens().input(), Long::sum);
        }
        tasks = expected.size();
    }

    private static String account(UUID account) {
        return account.toString();
    }

    static boolean areComplete(Jdbi jdbi, int tasks) {
        return number(jdbi, "SELECT count(*) FROM ledger") >= tasks;
    }

    void check(Jdbi jdbi) {
        assertThat(number(jdbi, "SELECT count(*) FROM ledger")).isEqualTo(tasks);
        var sums =
                texts(
                        jdbi,
                        """
                        SELECT sum(nanos)::text FROM ledger
                        UNION ALL SELECT sum(nanos)::text FROM balances
                        UNION ALL SELECT sum(nanos)::text FROM usage_rollups
                        UNION ALL SELECT sum(nanos)::text FROM usage_days
                        UNION ALL SELECT sum(nanos)::text FROM spent
                            WHERE period = 'total' AND subject LIKE 'account:%'
                        UNION ALL SELECT sum(nanos)::text FROM spent
                            WHERE period = 'total' AND subject LIKE 'user:%'
                        UNION ALL SELECT sum(nanos)::text FROM spent
                            WHERE length(period) = 10 AND subject LIKE 'account:%'
                        """);
        assertThat(sums).hasSize(7).containsOnly(Long.toString(nanos));
        assertThat(number(jdbi, "SELECT sum(requests)::bigint FROM usage_rollups"))
                .isEqualTo(tasks);
        assertThat(number(jdbi, "SELECT sum(requests)::bigint FROM balances")).isEqualTo(tasks);
        assertThat(texts(jdbi, "SELECT account || ' ' || nanos FROM balances ORDER BY account"))
                .isEqualTo(
                        byAccount.entrySet().stream()
                                .map(entry -> entry.getKey() + " " + entry.getValue())
                                .toList());
    }
}
