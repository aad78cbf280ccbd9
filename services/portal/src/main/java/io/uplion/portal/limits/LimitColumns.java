// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.limits;

import io.uplion.platform.identity.Limits;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/// Limits as they stand in a row: the same columns wherever there are limits.
public final class LimitColumns {
    private LimitColumns() {}

    /// What to set, for a statement that [#bind] has given its values.
    public static final String SET =
            "rpm = :rpm, tpm = :tpm, concurrent = :concurrent, budget_nanos = :nanos,"
                    + " budget_period = :period";

    public static <S extends SqlStatement<S>> S bind(S statement, Limits limits) {
        return statement
                .bindByType("rpm", limits.rpm().orElse(null), Long.class)
                .bindByType("tpm", limits.tpm().orElse(null), Long.class)
                .bindByType("concurrent", limits.concurrent().orElse(null), Integer.class)
                .bindByType(
                        "nanos", limits.budget().map(Limits.Budget::nanos).orElse(null), Long.class)
                .bindByType(
                        "period",
                        limits.budget().map(budget -> budget.period().name()).orElse(null),
                        String.class);
    }

    /// @param row with the columns of one who has limits, under their own names
    public static Limits read(ResultSet row) throws SQLException {
        @Nullable Long nanos = row.getObject("budget_nanos", Long.class);
        @Nullable String period = row.getString("budget_period");
        Optional<Limits.Budget> budget =
                nanos == null || period == null
                        ? Optional.empty()
                        : Optional.of(new Limits.Budget(nanos, Limits.Period.valueOf(period)));
        return new Limits(
                Optional.ofNullable(row.getObject("rpm", Long.class)),
                Optional.ofNullable(row.getObject("tpm", Long.class)),
                Optional.ofNullable(row.getObject("concurrent", Integer.class)),
                budget);
    }
}
