// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.usage;

import io.uplion.portal.usage.UsageRow.Tokens;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/// The statements about usage. Names of columns come from [Dimension] and [Step] alone; whatever a
/// client sent is bound.
final class UsageSql {
    private static final String SUMS =
            """
            , sum(requests) AS requests,
            sum(requests) FILTER (WHERE outcome = 'BROKEN') AS broken,
            sum(input_tokens) AS input, sum(cached_input_tokens) AS cached_input,
            sum(audio_input_tokens) AS audio_input, sum(output_tokens) AS output,
            sum(reasoning_tokens) AS reasoning, sum(audio_output_tokens) AS audio_output,
            sum(nanos) AS nanos, sum(absorbed_nanos) AS absorbed
            """;

    private static final String TIMES =
            """
            , sum_buckets(first_frame) AS first_frame, sum_buckets(total) AS total
            """;

    private UsageSql() {}

    static List<UsageRow> sums(Handle handle, UsageQuery asked, int limit) {
        String table = asked.isOfWholeDays() ? "usage_days" : "usage_rollups";
        return query(handle, asked, table, SUMS, limit).map((row, _) -> row(row, asked)).list();
    }

    /// Times are kept by account, model, pool and outcome only.
    static List<TimesRow> times(Handle handle, UsageQuery asked, int limit) {
        return query(handle, asked, "usage_times", TIMES, limit)
                .map(
                        (row, _) ->
                                new TimesRow(
                                        time(row),
                                        dimensions(row, asked),
                                        Quantiles.of(buckets(row, "first_frame")),
                                        Quantiles.of(buckets(row, "total"))))
                .list();
    }

    private static Query query(
            Handle handle, UsageQuery asked, String table, String sums, int limit) {
        List<String> columns = new ArrayList<>(List.of(asked.step().sql() + " AS time"));
        asked.by().forEach(by -> columns.add(by.column()));
        List<String> wanted = new ArrayList<>(List.of("hour >= :from", "hour < :to"));
        asked.only().keySet().forEach(only -> wanted.add(only.column() + " = :" + only.column()));
        if (table.equals("usage_times") && !asked.only().containsKey(Dimension.ACCOUNT)) {
            // Everybody's stand beside each account's, by the day.
            String all = asked.isOfWholeDays() ? "=" : "<>";
            wanted.add("account " + all + " CAST('" + Dimension.NOBODY + "' AS uuid)");
        }
        int dimensions = columns.size();
        String places =
                IntStream.rangeClosed(1, dimensions)
                        .mapToObj(Integer::toString)
                        .collect(Collectors.joining(", "));
        Query query =
                handle.createQuery(
                                "SELECT "
                                        + String.join(", ", columns)
                                        + sums
                                        + " FROM "
                                        + table
                                        + " WHERE "
                                        + String.join(" AND ", wanted)
                                        + " GROUP BY "
                                        + places
                                        + " ORDER BY "
                                        + places
                                        + " LIMIT :limit")
                        .bind("from", asked.from())
                        .bind("to", asked.to())
                        .bind("limit", limit);
        asked.only().forEach((only, value) -> only.bind(query, value));
        return query;
    }

    private static UsageRow row(ResultSet row, UsageQuery asked) throws SQLException {
        return new UsageRow(
                time(row),
                dimensions(row, asked),
                row.getLong("requests"),
                row.getLong("broken"),
                new Tokens(
                        row.getLong("input"),
                        row.getLong("cached_input"),
                        row.getLong("audio_input"),
                        row.getLong("output"),
                        row.getLong("reasoning"),
                        row.getLong("audio_output")),
                row.getLong("nanos"),
                row.getLong("absorbed"));
    }

    private static Instant time(ResultSet row) throws SQLException {
        return row.getObject("time", OffsetDateTime.class).toInstant();
    }

    private static Map<String, String> dimensions(ResultSet row, UsageQuery asked)
            throws SQLException {
        Map<String, String> dimensions = new LinkedHashMap<>();
        for (Dimension by : asked.by()) {
            dimensions.put(by.shown(), row.getString(by.column()));
        }
        return dimensions;
    }

    private static long[] buckets(ResultSet row, String column) throws SQLException {
        Long[] boxed = (Long[]) row.getArray(column).getArray();
        return Arrays.stream(boxed).mapToLong(Long::longValue).toArray();
    }
}
