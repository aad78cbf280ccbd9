// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.changes;

import java.sql.SQLException;
import org.jdbi.v3.core.ConnectionException;
import org.jspecify.annotations.Nullable;

/// Whether a failure says that the database is not there, and not that it could not do as asked.
final class Outage {
    /// PostgreSQL's class of errors about connections.
    private static final String CONNECTION = "08";

    /// And of servers that go down or come up.
    private static final String INTERVENTION = "57P";

    private Outage() {}

    static boolean is(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectionException) {
                return true;
            }
            if (cause instanceof SQLException sql && isOutage(sql.getSQLState())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOutage(@Nullable String state) {
        return state != null && (state.startsWith(CONNECTION) || state.startsWith(INTERVENTION));
    }
}
