// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.audit;

import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;

/// Who acts, by which session and from where.
public record Actor(UUID user, Optional<UUID> session, Optional<UUID> key, String address) {
    private static final ScopedValue<Actor> ACTING = ScopedValue.newInstance();

    /// Whatever is changed in a [#transaction] within is this one's deed.
    public <T> T acts(ScopedValue.CallableOp<T, RuntimeException> deed) {
        return ScopedValue.where(ACTING, this).call(deed);
    }

    /// For every change of what is audited: a transaction of which the database knows whose it is.
    public static <T> T transaction(Jdbi jdbi, HandleCallback<T, RuntimeException> work) {
        return jdbi.inTransaction(
                handle -> {
                    if (ACTING.isBound()) {
                        AuditSql.tell(handle, ACTING.get());
                    }
                    return work.withHandle(handle);
                });
    }
}
