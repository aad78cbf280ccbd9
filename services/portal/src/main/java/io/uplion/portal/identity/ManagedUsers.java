// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import io.uplion.platform.identity.Limits;
import io.uplion.platform.identity.Principal.Role;
import io.uplion.portal.audit.Actor;
import io.uplion.portal.changes.AfterChange;
import io.uplion.portal.limits.LimitRules;
import io.uplion.portal.limits.Problem;
import io.uplion.portal.paging.Page;
import io.uplion.portal.paging.Position;
import io.uplion.store.Database;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;

/// Users, as admins look after them.
public final class ManagedUsers {
    private final Jdbi jdbi;
    private final Clock clock;
    private final AfterChange afterChange;
    private final PasswordLinks links;

    public ManagedUsers(
            Database database, Clock clock, AfterChange afterChange, PasswordLinks links) {
        this.jdbi = database.jdbi();
        this.clock = clock;
        this.afterChange = afterChange;
        this.links = links;
    }

    /// Newest first.
    public Page<ManagedUser> page(UserQuery asked, Position after, int limit) {
        List<ManagedUser> found =
                jdbi.withHandle(handle -> ManagedUserSql.page(handle, asked, after, limit + 1));
        return Page.of(
                found, limit, shown -> new Position(shown.user().createdAt(), shown.user().id()));
    }

    public Optional<ManagedUser> find(UUID id) {
        return jdbi.withHandle(handle -> ManagedUserSql.find(handle, id));
    }

    /// With a link by which the new user chooses a password.
    public UserCreation create(Editor editor, NewUser asked) {
        User user =
                new User(
                        UUID.randomUUID(),
                        UUID.randomUUID(),
                        asked.email(),
                        asked.name(),
                        asked.roles(),
                        asked.groups(),
                        false,
                        false,
                        clock.instant().truncatedTo(ChronoUnit.MICROS));
        Optional<Problem> problem = UserRules.problem(user);
        if (problem.isPresent()) {
            return new UserCreation.Invalid(problem.get());
        }
        if (!editor.reaches(user)) {
            return new UserCreation.Forbidden();
        }
        return changing(handle -> insert(handle, user));
    }

    private UserCreation insert(Handle handle, User user) {
        if (!UserSql.insert(handle, user, Optional.empty())) {
            return new UserCreation.EmailTaken();
        }
        PasswordLink link = links.make(handle, user.id());
        return new UserCreation.Created(
                new ManagedUser(user, Limits.NONE, false, Optional.empty()), link);
    }

    /// Whoever is switched off loses his sessions for good; what he runs is stopped.
    ///
    /// @param seen whether he is still as the editor has seen him
    public UserChange edit(Editor editor, UUID id, Predicate<ManagedUser> seen, UserEdit edit) {
        return changing(
                handle ->
                        ManagedUserSql.lock(handle, id)
                                .map(
                                        before ->
                                                seen.test(before)
                                                        ? edit(handle, editor, before, edit)
                                                        : new UserChange.Stale())
                                .orElseGet(UserChange.NoSuchUser::new));
    }

    private UserChange edit(Handle handle, Editor editor, ManagedUser before, UserEdit edit) {
        ManagedUser after = edit.applied(before);
        Optional<Problem> problem =
                UserRules.problem(after.user()).or(() -> LimitRules.problem(after.limits()));
        if (problem.isPresent()) {
            return new UserChange.Invalid(problem.get());
        }
        Optional<String> refusal = editor.refusal(before.user(), after.user());
        if (refusal.isPresent()) {
            return new UserChange.Forbidden(refusal.get());
        }
        if (owns(before.user())
                && !owns(after.user())
                && ManagedUserSql.isTheOnlyOwner(handle, before.user().id())) {
            return new UserChange.LastOwner();
        }
        ManagedUserSql.update(handle, after);
        if (after.user().disabled()) {
            Instant now = clock.instant();
            SessionSql.endAll(handle, after.user().id(), Optional.empty(), now);
            PasswordLinkSql.drop(handle, after.user().id());
        }
        return new UserChange.Changed(after);
    }

    private static boolean owns(User user) {
        return user.roles().contains(Role.OWNER) && !user.disabled();
    }

    /// The link that the user may have had works no more.
    ///
    /// @return nothing, where there is no such user, he is switched off, or the editor's rights do
    ///   not reach so far
    public Optional<PasswordLink> link(Editor editor, UUID id) {
        return Actor.transaction(
                jdbi,
                handle ->
                        ManagedUserSql.lock(handle, id)
                                .map(ManagedUser::user)
                                .filter(user -> editor.reaches(user) && !user.disabled())
                                .map(user -> links.make(handle, user.id())));
    }

    private <T> T changing(HandleCallback<T, RuntimeException> work) {
        T outcome = Actor.transaction(jdbi, work);
        afterChange.committed();
        return outcome;
    }
}
