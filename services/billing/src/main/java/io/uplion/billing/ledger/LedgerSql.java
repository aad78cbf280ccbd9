// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.ledger;

import io.uplion.catalog.AIModel.Price;
import io.uplion.openai.TokenUsage;
import io.uplion.task.UsageRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/// The statements about the ledger, and about what cannot stand in it.
final class LedgerSql {
    private static final String INSERT =
            """
            INSERT INTO ledger (accepted_at, task, attempt, account, user_id, key_id, model,
                endpoint, pool, outcome, source, status, input_tokens, cached_input_tokens,
                audio_input_tokens, output_tokens, reasoning_tokens, audio_output_tokens, price,
                cap_nanos, nanos, absorbed_nanos, ended_at, first_frame_millis, total_millis)
            SELECT timestamptz 'epoch' + interval '1 ms' * accepted, task, attempt, account,
                user_id, key_id, model, endpoint, pool, outcome, source, status, input, cached,
                audio_in, output, reasoning, audio_out, price::bigint[], cap, nanos, absorbed,
                timestamptz 'epoch' + interval '1 ms' * ended, first_frame, total
            FROM unnest(:accepted, :task, :attempt, :account, :user_id, :key_id, :model, :endpoint,
                :pool, :outcome, :source, :status, :input, :cached, :audio_in, :output, :reasoning,
                :audio_out, :price, :cap, :nanos, :absorbed, :ended, :first_frame, :total)
                AS a (accepted, task, attempt, account, user_id, key_id, model, endpoint, pool,
                    outcome, source, status, input, cached, audio_in, output, reasoning, audio_out,
                    price, cap, nanos, absorbed, ended, first_frame, total)
            ON CONFLICT DO NOTHING RETURNING task
            """;

    private LedgerSql() {}

    /// @param charges of different tasks, in the order in which rows are locked
    /// @return which of them are new
    static Set<UUID> insert(Handle handle, List<Charge> charges) {
        Columns columns = new Columns(handle.createQuery(INSERT), charges);
        columns.numbers("accepted", charge -> charge.acceptedAt().toEpochMilli());
        columns.ids("task", Charge::task);
        columns.claims();
        columns.amounts();
        return new HashSet<>(columns.query.mapTo(UUID.class).list());
    }

    private record Columns(Query query, List<Charge> charges) {

        void numbers(String name, Function<Charge, @Nullable Long> value) {
            bind(name, Long.class, value);
        }

        void ids(String name, Function<Charge, @Nullable UUID> value) {
            bind(name, UUID.class, value);
        }

        void texts(String name, Function<UsageRecord, String> value) {
            bind(name, String.class, charge -> value.apply(charge.usage()));
        }

        void tokens(String name, Function<TokenUsage, Long> value) {
            bind(name, Long.class, charge -> value.apply(charge.usage().tokens()));
        }

        /// Lists that may hold nothing, which streams and immutable lists may not.
        private <T> void bind(
                String name, Class<T> type, Function<Charge, ? extends @Nullable T> value) {
            List<@Nullable T> column = new ArrayList<>(charges.size());
            for (Charge charge : charges) {
                column.add(value.apply(charge));
            }
            query.bindArray(name, type, column);
        }

        void claims() {
            bind("attempt", Integer.class, charge -> charge.usage().claim().attempt());
            ids("account", Charge::account);
            ids("user_id", charge -> charge.usage().claim().user());
            ids("key_id", charge -> charge.usage().claim().key().orElse(null));
            texts("model", usage -> usage.claim().model());
            texts("endpoint", usage -> usage.claim().endpoint().id());
            texts("pool", usage -> usage.claim().pool());
            texts("outcome", usage -> usage.outcome().name());
            texts("source", usage -> usage.source().name());
            bind("status", Integer.class, charge -> charge.usage().status());
        }

        void amounts() {
            tokens("input", TokenUsage::input);
            tokens("cached", TokenUsage::cachedInput);
            tokens("audio_in", TokenUsage::audioInput);
            tokens("output", TokenUsage::output);
            tokens("reasoning", TokenUsage::reasoning);
            tokens("audio_out", TokenUsage::audioOutput);
            texts("price", usage -> price(usage.claim().price()));
            numbers(
                    "cap",
                    charge ->
                            charge.usage().claim().cap().isPresent()
                                    ? charge.usage().claim().cap().getAsLong()
                                    : null);
            numbers("nanos", Charge::nanos);
            numbers("absorbed", Charge::absorbed);
            numbers("ended", charge -> charge.usage().endedAt().toEpochMilli());
            numbers("first_frame", charge -> charge.usage().timing().firstFrame().toMillis());
            numbers("total", charge -> charge.usage().timing().total().toMillis());
        }
    }

    /// In the order of the ledger's tokens, as PostgreSQL reads an array.
    static String price(Price price) {
        return "{%d,%d,%d,%d,%d,%d}"
                .formatted(
                        price.inputNanos(),
                        price.cachedInputNanos(),
                        price.audioInputNanos(),
                        price.outputNanos(),
                        price.reasoningNanos(),
                        price.audioOutputNanos());
    }

    /// Of keys that were rolled: the one that they are counted as.
    static Map<UUID, UUID> countedAs(Handle handle, Collection<UUID> keys) {
        Map<UUID, UUID> found = new HashMap<>();
        handle.createQuery(
                        """
                        SELECT id, counted_as FROM api_keys
                        WHERE id = ANY(:keys) AND counted_as IS NOT NULL
                        """)
                .bindArray("keys", UUID.class, keys)
                .map(
                        (row, _) ->
                                new UUID[] {
                                    row.getObject(1, UUID.class), row.getObject(2, UUID.class)
                                })
                .forEach(pair -> found.put(pair[0], pair[1]));
        return found;
    }

    static void reject(Handle handle, Reject reject) {
        handle.createUpdate(
                        """
                        INSERT INTO usage_rejects (sha256, reason, task, record)
                        VALUES (sha256(:record), :reason, :task::uuid, :record)
                        ON CONFLICT DO NOTHING
                        """)
                .bind("record", reject.record())
                .bind("reason", reject.reason())
                .bind("task", reject.task().map(UUID::toString).orElse(null))
                .execute();
    }
}
