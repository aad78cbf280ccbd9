// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.billing;

import io.uplion.billing.ledger.Months;
import io.uplion.billing.ledger.Retention;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jdbi.v3.core.Jdbi;

/// Rows as billing writes them, made by the database itself: of the last 30 days, a thousand
/// accounts with a key each, and four models.
final class ManyRows {
    private static final int ACCOUNTS = 1_000;
    private static final int DAYS = 30;

    private static final String LEDGER =
            """
            INSERT INTO ledger (accepted_at, task, attempt, account, user_id, key_id, model,
                endpoint, pool, outcome, source, status, input_tokens, cached_input_tokens,
                audio_input_tokens, output_tokens, reasoning_tokens, audio_output_tokens, price,
                nanos, absorbed_nanos, ended_at, first_frame_millis, total_millis)
            SELECT at, gen_random_uuid(), 1, who('1'), who('2'), who('3'), 'model-' || i % 4,
                'chat', 'pool', 'COMPLETED', 'REPORTED', 200, i % 2000, 0, 0, i % 1000, 0, 0,
                '{150,75,150,600,600,600}', i % 2000 * 150 + i % 1000 * 600, 0, at, i % 2000,
                i % 10000
            FROM (SELECT i, timestamptz 'epoch' + interval '1 ms' * :begin
                    + interval '1 us' * (i * :step) AS at,
                    lpad(to_hex((i * 7919) % :accounts), 12, '0') AS account
                FROM generate_series(0, :rows - 1) AS i) AS s
            """
                    .replace("who('1')", "('00000000-0000-0001-0000-' || account)::uuid")
                    .replace("who('2')", "('00000000-0000-0002-0000-' || account)::uuid")
                    .replace("who('3')", "('00000000-0000-0003-0000-' || account)::uuid");

    private static final String ROLLUPS =
            """
            INSERT INTO usage_rollups
            SELECT account, date_trunc('hour', accepted_at), user_id, key_id, model, pool, outcome,
                count(*), sum(input_tokens), 0, 0, sum(output_tokens), 0, 0, sum(nanos), 0
            FROM ledger GROUP BY 1, 2, 3, 4, 5, 6, 7
            """;

    private static final String BY_DAY =
            """
            INSERT INTO usage_days
            SELECT '00000000-0000-0000-0000-000000000000', date_trunc('day', hour, 'UTC'),
                '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000',
                model, pool, outcome, sum(requests), sum(input_tokens), 0, 0, sum(output_tokens),
                0, 0, sum(nanos), 0
            FROM usage_rollups GROUP BY 2, 5, 6, 7
            """;

    private static final String TIMES =
            """
            INSERT INTO usage_times
            SELECT account, hour, model, pool, outcome, array_fill(1::bigint, ARRAY [44]),
                array_fill(1::bigint, ARRAY [44])
            FROM usage_rollups GROUP BY 1, 2, 3, 4, 5
            """;

    private static final String TIMES_BY_DAY =
            """
            INSERT INTO usage_times
            SELECT '00000000-0000-0000-0000-000000000000', date_trunc('day', hour, 'UTC'), model,
                pool, outcome, sum_buckets(first_frame), sum_buckets(total)
            FROM usage_times GROUP BY 2, 3, 4, 5
            """;

    private static final String BALANCES =
            """
            INSERT INTO balances
            SELECT account, sum(requests), sum(nanos), 0, now() FROM usage_rollups GROUP BY 1
            """;

    private ManyRows() {}

    static void make(Jdbi jdbi, long rows) {
        Clock clock = Clock.systemUTC();
        Instant begin = clock.instant().minus(DAYS, ChronoUnit.DAYS);
        new Months(jdbi, Retention.FOR_EVER, Clock.offset(clock, Duration.ofDays(-DAYS))).ahead();
        long step = Math.max(1, ChronoUnit.MICROS.between(begin, clock.instant()) / rows);
        jdbi.useHandle(
                handle -> {
                    handle.createUpdate(LEDGER)
                            .bind("rows", rows)
                            .bind("begin", begin.toEpochMilli())
                            .bind("step", step)
                            .bind("accounts", ACCOUNTS)
                            .execute();
                    handle.execute(ROLLUPS);
                    handle.execute(BY_DAY);
                    handle.execute(TIMES);
                    handle.execute(TIMES_BY_DAY);
                    handle.execute(BALANCES);
                    handle.execute("VACUUM ANALYZE");
                });
    }
}
