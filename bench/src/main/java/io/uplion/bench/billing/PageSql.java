// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.billing;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;

/// What pages about usage ask.
final class PageSql {
    static final Map<String, String> PAGES = pages();

    private PageSql() {}

    private static Map<String, String> pages() {
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put(
                "an account's 30 days by day and model, with times",
                """
                SELECT * FROM (
                    SELECT date_trunc('day', hour) AS day, model, sum(requests) AS requests,
                        sum(input_tokens) AS input, sum(output_tokens) AS output,
                        sum(nanos) AS nanos
                    FROM usage_rollups
                    WHERE account = '00000000-0000-0001-0000-000000000007'
                        AND hour >= now() - interval '30 days'
                    GROUP BY 1, 2) AS sums
                JOIN (
                    SELECT date_trunc('day', hour) AS day, model, sum_buckets(total)
                    FROM usage_times
                    WHERE account = '00000000-0000-0001-0000-000000000007'
                        AND hour >= now() - interval '30 days'
                    GROUP BY 1, 2) AS times USING (day, model)
                ORDER BY 1, 2
                """);
        pages.put(
                "everybody's last day by account, the dearest first",
                """
                SELECT account, sum(requests) AS requests, sum(input_tokens) AS input,
                    sum(output_tokens) AS output, sum(nanos) AS nanos
                FROM usage_rollups WHERE hour >= now() - interval '1 day'
                GROUP BY 1 ORDER BY 5 DESC LIMIT 100
                """);
        pages.put(
                "everybody's 30 days by day and model, with times",
                """
                SELECT hour, model, sum(requests) AS requests, sum(nanos) AS nanos,
                    sum_buckets(total)
                FROM usage_days JOIN usage_times USING (account, hour, model, pool, outcome)
                WHERE hour >= now() - interval '30 days'
                GROUP BY 1, 2 ORDER BY 1, 2
                """);
        pages.put(
                "balances, the dearest first",
                "SELECT account, requests, nanos FROM balances ORDER BY nanos DESC LIMIT 100");
        return pages;
    }

    static List<Map<String, Object>> read(Jdbi jdbi, String page) {
        return jdbi.withHandle(handle -> handle.createQuery(page).mapToMap().list());
    }

    static long rollups(Jdbi jdbi) {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery("SELECT count(*) FROM usage_rollups")
                                .mapTo(Long.class)
                                .one());
    }
}
