// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import io.uplion.platform.identity.Limits;
import io.uplion.platform.identity.Subject;
import io.uplion.portal.audit.Actor;
import io.uplion.portal.changes.AfterChange;
import io.uplion.portal.limits.LimitRules;
import io.uplion.portal.limits.LimitsChange;
import io.uplion.portal.limits.Problem;
import io.uplion.store.Database;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Jdbi;

/// Limits users and accounts, which holds for all their keys together, and switches them off and
/// on. Calls block; each is one transaction.
public final class Owners {
    private final Jdbi jdbi;
    private final AfterChange afterChange;

    public Owners(Database database, AfterChange afterChange) {
        this.jdbi = database.jdbi();
        this.afterChange = afterChange;
    }

    public Optional<Subject> user(String email) {
        return isAsked(email)
                ? jdbi.withHandle(handle -> OwnerSql.user(handle, email.strip())).map(Subject::user)
                : Optional.empty();
    }

    /// The account of a user alone.
    public Optional<Subject> personalAccount(String email) {
        return isAsked(email)
                ? jdbi.withHandle(handle -> OwnerSql.personalAccount(handle, email.strip()))
                        .map(Subject::account)
                : Optional.empty();
    }

    private static boolean isAsked(String email) {
        return Inputs.isEmail(email.strip());
    }

    /// @param owner a user or an account
    public OwnerChange limit(Subject owner, LimitsChange wanted) {
        return change(
                owner,
                before -> new OwnerSql.Owner(wanted.applied(before.limits()), before.disabled()));
    }

    /// Running tasks of one that is switched off are stopped.
    ///
    /// @param owner a user or an account
    public OwnerChange setDisabled(Subject owner, boolean disabled) {
        return change(owner, before -> new OwnerSql.Owner(before.limits(), disabled));
    }

    private OwnerChange change(Subject owner, UnaryOperator<OwnerSql.Owner> change) {
        OwnerChange outcome =
                Actor.transaction(
                        jdbi,
                        handle -> {
                            Optional<OwnerSql.Owner> after =
                                    OwnerSql.lock(handle, owner).map(change);
                            if (after.isEmpty()) {
                                return new OwnerChange.NoSuchOwner();
                            }
                            Limits limits = after.get().limits();
                            Optional<Problem> problem = LimitRules.problem(limits);
                            if (problem.isPresent()) {
                                return new OwnerChange.Invalid(problem.get());
                            }
                            OwnerSql.set(handle, owner, after.get());
                            return new OwnerChange.Changed(limits, after.get().disabled());
                        });
        afterChange.committed();
        return outcome;
    }
}
