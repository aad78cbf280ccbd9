// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.ledger;

import io.uplion.catalog.AIModel.Price;
import io.uplion.openai.TokenUsage;
import io.uplion.task.Claim;
import io.uplion.task.UsageRecord;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.transaction.TransactionException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/// Adds to the ledger.
final class LedgerCopySql {
    private static final String COPY =
            """
            COPY ledger (accepted_at, task, attempt, account, user_id, key_id, model, endpoint,
                pool, outcome, source, status, input_tokens, cached_input_tokens,
                audio_input_tokens, output_tokens, reasoning_tokens, audio_output_tokens, price,
                cap_nanos, nanos, absorbed_nanos, ended_at, first_frame_millis, total_millis)
            FROM STDIN (FORMAT binary)
            """;
    private static final int COLUMNS = 25;

    private LedgerCopySql() {}

    /// Fails with a unique violation where one of them is there.
    ///
    /// @param charges of different tasks, in the order in which rows are locked
    static void insert(Handle handle, List<Charge> charges) {
        if (charges.isEmpty()) {
            return;
        }
        try {
            CopyIn copy =
                    handle.getConnection().unwrap(PGConnection.class).getCopyAPI().copyIn(COPY);
            try {
                BinaryCopy rows = new BinaryCopy(copy);
                for (Charge charge : charges) {
                    row(rows.row(COLUMNS), charge);
                }
                rows.end();
            } finally {
                if (copy.isActive()) {
                    copy.cancelCopy();
                }
            }
        } catch (SQLException e) {
            throw new TransactionException("the ledger takes no more", e);
        }
    }

    private static void row(BinaryCopy row, Charge charge) throws SQLException {
        UsageRecord usage = charge.usage();
        claim(row.timestamp(charge.acceptedAt()), usage.claim());
        row.text(usage.outcome().name()).text(usage.source().name()).integer(usage.status());
        tokens(row, usage.tokens());
        price(row, usage.claim().price());
        OptionalLong cap = usage.claim().cap();
        (cap.isPresent() ? row.bigint(cap.getAsLong()) : row.nothing())
                .bigint(charge.nanos())
                .bigint(charge.absorbed())
                .timestamp(usage.endedAt())
                .bigint(usage.timing().firstFrame().toMillis())
                .bigint(usage.timing().total().toMillis());
    }

    private static void claim(BinaryCopy row, Claim claim) throws SQLException {
        row.uuid(claim.task()).integer(claim.attempt()).uuid(claim.account()).uuid(claim.user());
        UUID key = claim.key().orElse(null);
        (key == null ? row.nothing() : row.uuid(key))
                .text(claim.model())
                .text(claim.endpoint().id())
                .text(claim.pool());
    }

    private static void tokens(BinaryCopy row, TokenUsage tokens) throws SQLException {
        row.bigint(tokens.input())
                .bigint(tokens.cachedInput())
                .bigint(tokens.audioInput())
                .bigint(tokens.output())
                .bigint(tokens.reasoning())
                .bigint(tokens.audioOutput());
    }

    /// In the order of the tokens.
    private static void price(BinaryCopy row, Price price) throws SQLException {
        row.bigints(
                price.inputNanos(),
                price.cachedInputNanos(),
                price.audioInputNanos(),
                price.outputNanos(),
                price.reasoningNanos(),
                price.audioOutputNanos());
    }
}
