// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.ledger;

import java.util.Collection;
import java.util.SortedMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/// The statements about what pages read.
final class RollupSql {
    private static final String ADD =
            """
            INSERT INTO usage_rollups AS r (account, hour, user_id, key_id, model, pool, outcome,
                requests, input_tokens, cached_input_tokens, audio_input_tokens, output_tokens,
                reasoning_tokens, audio_output_tokens, nanos, absorbed_nanos)
            SELECT account, to_timestamp(hour), user_id, key_id, model, pool, outcome, requests,
                t0, t1, t2, t3, t4, t5, nanos, absorbed
            FROM unnest(:account, :hour, :user_id, :key_id, :model, :pool, :outcome, :requests,
                    :t0, :t1, :t2, :t3, :t4, :t5, :nanos, :absorbed)
                AS a (account, hour, user_id, key_id, model, pool, outcome, requests,
                    t0, t1, t2, t3, t4, t5, nanos, absorbed)
            ON CONFLICT (account, hour, user_id, key_id, model, pool, outcome) DO UPDATE
            SET requests = r.requests + excluded.requests,
                input_tokens = r.input_tokens + excluded.input_tokens,
                cached_input_tokens = r.cached_input_tokens + excluded.cached_input_tokens,
                audio_input_tokens = r.audio_input_tokens + excluded.audio_input_tokens,
                output_tokens = r.output_tokens + excluded.output_tokens,
                reasoning_tokens = r.reasoning_tokens + excluded.reasoning_tokens,
                audio_output_tokens = r.audio_output_tokens + excluded.audio_output_tokens,
                nanos = r.nanos + excluded.nanos,
                absorbed_nanos = r.absorbed_nanos + excluded.absorbed_nanos
            """;

    private static final String ADD_DAYS = ADD.replace("INTO usage_rollups", "INTO usage_days");

    private static final String ADD_TIMES =
            """
            INSERT INTO usage_times AS r (account, hour, model, pool, outcome, first_frame, total)
            SELECT account, to_timestamp(hour), model, pool, outcome,
                (:first_frame)[(row - 1) * :buckets + 1 : row * :buckets],
                (:total)[(row - 1) * :buckets + 1 : row * :buckets]
            FROM unnest(:account, :hour, :model, :pool, :outcome) WITH ORDINALITY
                AS a (account, hour, model, pool, outcome, row)
            ON CONFLICT (account, hour, model, pool, outcome) DO UPDATE
            SET first_frame = add_buckets(r.first_frame, excluded.first_frame),
                total = add_buckets(r.total, excluded.total)
            """;

    private RollupSql() {}

    static void addHours(Handle handle, SortedMap<RollupKey, Sums> hours) {
        add(handle, ADD, hours);
    }

    static void addDays(Handle handle, SortedMap<RollupKey, Sums> days) {
        add(handle, ADD_DAYS, days);
    }

    private static void add(Handle handle, String sql, SortedMap<RollupKey, Sums> rollups) {
        if (rollups.isEmpty()) {
            return;
        }
        Update update = handle.createUpdate(sql);
        keys(update, rollups.keySet())
                .ids("user_id", RollupKey::user)
                .ids("key_id", RollupKey::key);
        Columns<Sums, Update> sums = new Columns<>(update, rollups.values());
        sums.numbers("requests", Sums::requests)
                .numbers("nanos", Sums::nanos)
                .numbers("absorbed", Sums::absorbed);
        for (int i = 0; i < Sums.KINDS; i++) {
            int kind = i;
            sums.numbers("t" + kind, sum -> sum.tokens(kind));
        }
        update.execute();
    }

    /// @param times of keys that name no user and no key
    static void addTimes(Handle handle, SortedMap<RollupKey, Times> times) {
        if (times.isEmpty()) {
            return;
        }
        Update update = handle.createUpdate(ADD_TIMES).bind("buckets", Buckets.COUNT);
        keys(update, times.keySet());
        new Columns<>(update, times.values())
                .flat("first_frame", time -> time.firstFrame().counts())
                .flat("total", time -> time.total().counts());
        update.execute();
    }

    private static Columns<RollupKey, Update> keys(Update update, Collection<RollupKey> keys) {
        return new Columns<>(update, keys)
                .ids("account", RollupKey::account)
                .numbers("hour", key -> key.hour().getEpochSecond())
                .texts("model", RollupKey::model)
                .texts("pool", RollupKey::pool)
                .texts("outcome", RollupKey::outcome);
    }
}
