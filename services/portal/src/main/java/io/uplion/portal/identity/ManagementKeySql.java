// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// The statement about keys that manage.
final class ManagementKeySql {
    private ManagementKeySql() {}

    /// @param each not written more often than that
    static void used(Handle handle, UUID key, Instant now, Duration each) {
        handle.createUpdate(
                        """
                        UPDATE api_keys SET last_used_at = :now
                        WHERE id = :id AND (last_used_at IS NULL OR last_used_at < :noted)
                        """)
                .bind("id", key)
                .bind("now", now)
                .bind("noted", now.minus(each))
                .execute();
    }
}
