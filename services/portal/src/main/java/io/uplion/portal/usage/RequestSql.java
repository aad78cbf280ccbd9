// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.usage;

import io.uplion.portal.paging.Position;
import io.uplion.portal.usage.UsageRow.Tokens;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/// The statements about single requests.
final class RequestSql {
    private static final String SELECT =
            """
            SELECT accepted_at, task, attempt, account, user_id, key_id, model, endpoint, pool,
                   outcome, source, status, input_tokens, cached_input_tokens, audio_input_tokens,
                   output_tokens, reasoning_tokens, audio_output_tokens, nanos,
                   first_frame_millis, total_millis
            FROM ledger
            """;

    private RequestSql() {}

    static List<BilledRequest> page(Handle handle, RequestQuery asked, Position after, int limit) {
        List<String> wanted =
                new ArrayList<>(
                        List.of(
                                "accepted_at >= :from",
                                "accepted_at < :to",
                                "(accepted_at, task) < (:at, :id)"));
        asked.only().keySet().forEach(only -> wanted.add(only.column() + " = :" + only.column()));
        Query query =
                handle.createQuery(
                                SELECT
                                        + "WHERE "
                                        + String.join(" AND ", wanted)
                                        + " ORDER BY accepted_at DESC, task DESC LIMIT :limit")
                        .bind("from", asked.from())
                        .bind("to", asked.to())
                        .bind("at", after.at())
                        .bind("id", after.id())
                        .bind("limit", limit);
        asked.only().forEach((only, value) -> only.bind(query, value));
        return query.map((row, _) -> request(row)).list();
    }

    private static BilledRequest request(ResultSet row) throws SQLException {
        Map<Dimension, String> dimensions = new EnumMap<>(Dimension.class);
        for (Dimension dimension : Dimension.values()) {
            String value = row.getString(dimension.column());
            // A browser's request has no key.
            if (value != null) {
                dimensions.put(dimension, value);
            }
        }
        return new BilledRequest(
                row.getObject("accepted_at", OffsetDateTime.class).toInstant(),
                row.getObject("task", UUID.class),
                dimensions,
                row.getString("endpoint"),
                row.getString("source"),
                row.getInt("status"),
                row.getInt("attempt"),
                new Tokens(
                        row.getLong("input_tokens"),
                        row.getLong("cached_input_tokens"),
                        row.getLong("audio_input_tokens"),
                        row.getLong("output_tokens"),
                        row.getLong("reasoning_tokens"),
                        row.getLong("audio_output_tokens")),
                row.getLong("nanos"),
                row.getLong("first_frame_millis"),
                row.getLong("total_millis"));
    }
}
