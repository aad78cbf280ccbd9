// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.ledger;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/// The statements about what pages read.
final class RollupSql {
    private static final String ADD_HOURS =
            """
            INSERT INTO usage_rollups AS r (account, hour, user_id, key_id, model, pool, outcome,
                requests, input_tokens, cached_input_tokens, audio_input_tokens, output_tokens,
                reasoning_tokens, audio_output_tokens, nanos, absorbed_nanos, first_frame, total)
            SELECT account, to_timestamp(hour), user_id, key_id, model, pool, outcome, requests,
                t0, t1, t2, t3, t4, t5, nanos, absorbed, first_frame::bigint[], total::bigint[]
            FROM unnest(:account, :hour, :user_id, :key_id, :model, :pool, :outcome, :requests,
                    :t0, :t1, :t2, :t3, :t4, :t5, :nanos, :absorbed, :first_frame, :total)
                AS a (account, hour, user_id, key_id, model, pool, outcome, requests,
                    t0, t1, t2, t3, t4, t5, nanos, absorbed, first_frame, total)
            ON CONFLICT (account, hour, user_id, key_id, model, pool, outcome) DO UPDATE
            SET requests = r.requests + excluded.requests,
                input_tokens = r.input_tokens + excluded.input_tokens,
                cached_input_tokens = r.cached_input_tokens + excluded.cached_input_tokens,
                audio_input_tokens = r.audio_input_tokens + excluded.audio_input_tokens,
                output_tokens = r.output_tokens + excluded.output_tokens,
                reasoning_tokens = r.reasoning_tokens + excluded.reasoning_tokens,
                audio_output_tokens = r.audio_output_tokens + excluded.audio_output_tokens,
                nanos = r.nanos + excluded.nanos,
                absorbed_nanos = r.absorbed_nanos + excluded.absorbed_nanos,
                first_frame = add_buckets(r.first_frame, excluded.first_frame),
                total = add_buckets(r.total, excluded.total)
            """;

    private static final String ADD_DAYS =
            ADD_HOURS.replace("INTO usage_rollups", "INTO usage_days");

    private RollupSql() {}

    static void addHours(Handle handle, SortedMap<RollupKey, Sums> rollups) {
        add(handle, ADD_HOURS, rollups);
    }

    static void addDays(Handle handle, SortedMap<RollupKey, Sums> rollups) {
        add(handle, ADD_DAYS, rollups);
    }

    private static void add(Handle handle, String sql, SortedMap<RollupKey, Sums> rollups) {
        if (rollups.isEmpty()) {
            return;
        }
        Columns columns = new Columns(handle.createUpdate(sql), List.copyOf(rollups.entrySet()));
        columns.keys("account", UUID.class, RollupKey::account);
        columns.keys("hour", Long.class, key -> key.hour().getEpochSecond());
        columns.keys("user_id", UUID.class, RollupKey::user);
        columns.keys("key_id", UUID.class, RollupKey::key);
        columns.keys("model", String.class, RollupKey::model);
        columns.keys("pool", String.class, RollupKey::pool);
        columns.keys("outcome", String.class, RollupKey::outcome);
        columns.sums("requests", Long.class, Sums::requests);
        for (int i = 0; i < Sums.KINDS; i++) {
            int kind = i;
            columns.sums("t" + kind, Long.class, sums -> sums.tokens(kind));
        }
        columns.sums("nanos", Long.class, Sums::nanos);
        columns.sums("absorbed", Long.class, Sums::absorbed);
        columns.sums("first_frame", String.class, sums -> sums.firstFrame().toString());
        columns.sums("total", String.class, sums -> sums.total().toString());
        columns.update.execute();
    }

    private record Columns(Update update, List<Map.Entry<RollupKey, Sums>> rows) {

        <T> void keys(String name, Class<T> type, Function<RollupKey, T> value) {
            update.bindArray(
                    name, type, rows.stream().map(row -> value.apply(row.getKey())).toList());
        }

        <T> void sums(String name, Class<T> type, Function<Sums, T> value) {
            update.bindArray(
                    name, type, rows.stream().map(row -> value.apply(row.getValue())).toList());
        }
    }
}
