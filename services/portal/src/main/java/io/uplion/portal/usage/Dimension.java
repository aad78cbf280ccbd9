// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.usage;

import java.util.UUID;
import org.jdbi.v3.core.statement.Query;

/// What usage can be told apart by, and narrowed to.
public enum Dimension {
    MODEL("model", "model"),
    POOL("pool", "pool"),
    OUTCOME("outcome", "outcome"),
    ACCOUNT("account", "account"),
    USER("user", "user_id"),
    KEY("key", "key_id");

    /// Of rollups that name nobody in particular.
    static final String NOBODY = "00000000-0000-0000-0000-000000000000";

    private final String shown;
    private final String column;

    Dimension(String shown, String column) {
        this.shown = shown;
        this.column = column;
    }

    /// As it is called in requests and answers.
    public String shown() {
        return shown;
    }

    String column() {
        return column;
    }

    /// Under the name of its column.
    void bind(Query query, String value) {
        if (isId()) {
            query.bind(column, UUID.fromString(value));
        } else {
            query.bind(column, value);
        }
    }

    boolean isId() {
        return this == ACCOUNT || this == USER || this == KEY;
    }
}
