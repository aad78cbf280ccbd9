// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import io.uplion.platform.identity.Principal.Role;
import io.uplion.platform.secret.Secret;
import io.uplion.portal.audit.Actor;
import io.uplion.portal.limits.Problem;
import io.uplion.store.Database;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// Makes users, finds them and checks their passwords. Calls block; each is one transaction.
public final class Users {

    private final Jdbi jdbi;
    private final Clock clock;
    private final Passwords passwords = new Passwords();

    public Users(Database database, Clock clock) {
        this.jdbi = database.jdbi();
        this.clock = clock;
    }

    /// Whether there is no user at all.
    public boolean isEmpty() {
        return jdbi.withHandle(UserSql::isEmpty);
    }

    /// For a first start: makes an administrator only while there is no user at all, also when
    /// several processes start at once.
    public AdminCreation createFirstAdmin(String email, String name) {
        // Every later start comes by here too: it must not pay for a password nobody gets.
        return isEmpty() ? createAdmin(email, name, true) : new AdminCreation.NotTheFirst();
    }

    /// For the command line: whoever may run it on the platform's machine may make administrators.
    public AdminCreation createAdmin(String email, String name) {
        return createAdmin(email, name, false);
    }

    /// All sessions of the user end.
    public PasswordReset resetPassword(String email) {
        if (!Inputs.isEmail(email.strip())) {
            return new PasswordReset.NoSuchUser();
        }
        Secret password = passwords.random();
        String hash = passwords.hash(password);
        Instant now = clock.instant();
        return Actor.transaction(
                jdbi,
                handle ->
                        UserSql.setPassword(handle, email.strip(), hash, now)
                                .<PasswordReset>map(user -> reset(handle, user, password, now))
                                .orElseGet(PasswordReset.NoSuchUser::new));
    }

    private static PasswordReset.Done reset(
            Handle handle, User user, Secret password, Instant now) {
        SessionSql.endAll(handle, user.id(), Optional.empty(), now);
        return new PasswordReset.Done(user, password);
    }

    /// All other sessions of the user end.
    ///
    /// @param session the one that asks for it, which goes on
    public PasswordChange changePassword(
            UUID user, Optional<UUID> session, Secret current, Secret chosen) {
        Optional<UserSql.Login> login = jdbi.withHandle(handle -> UserSql.login(handle, user));
        Optional<String> before = login.flatMap(UserSql.Login::hash);
        if (before.filter(hash -> passwords.verify(current, hash)).isEmpty()) {
            return new PasswordChange.WrongPassword();
        }
        Optional<Problem> problem = PasswordRules.problem(chosen, login.orElseThrow().user());
        if (problem.isPresent()) {
            return new PasswordChange.Invalid(problem.get());
        }
        if (chosen.equals(current)) {
            return new PasswordChange.Invalid(new Problem("password", "must be another one"));
        }
        String hash = passwords.hash(chosen);
        Instant now = clock.instant();
        return Actor.transaction(
                jdbi,
                handle -> {
                    if (!UserSql.changePassword(handle, user, before.get(), hash, now)) {
                        return new PasswordChange.WrongPassword();
                    }
                    SessionSql.endAll(handle, user, session, now);
                    return new PasswordChange.Done();
                });
    }

    public Optional<User> findByEmail(String email) {
        return login(email).map(UserSql.Login::user);
    }

    /// Takes as long for an unknown email as for a known one.
    public SignIn.Checked verify(String email, Secret password) {
        Optional<UserSql.Login> login = login(email);
        boolean right =
                login.flatMap(UserSql.Login::hash)
                        .map(hash -> passwords.verify(password, hash))
                        .orElseGet(() -> passwords.verifyNobody(password));
        if (!right) {
            return new SignIn.Refused();
        }
        User user = login.orElseThrow().user();
        return user.disabled() ? new SignIn.Disabled() : new SignIn.Accepted(user);
    }

    private Optional<UserSql.Login> login(String email) {
        String stripped = email.strip();
        return Inputs.isEmail(stripped)
                ? jdbi.withHandle(handle -> UserSql.login(handle, stripped))
                : Optional.empty();
    }

    private AdminCreation createAdmin(String email, String name, boolean onlyTheFirst) {
        Optional<String> problem = Inputs.problem(email.strip(), name.strip());
        if (problem.isPresent()) {
            return new AdminCreation.Invalid(problem.get());
        }
        // Hashing takes long: before the transaction, not in it.
        User user = admin(email.strip(), name.strip());
        Secret password = passwords.random();
        String hash = passwords.hash(password);
        return Actor.transaction(
                jdbi,
                handle -> {
                    if (onlyTheFirst && !UserSql.lockWhileEmpty(handle)) {
                        return new AdminCreation.NotTheFirst();
                    }
                    return UserSql.insert(handle, user, Optional.of(hash))
                            ? new AdminCreation.Created(user, password)
                            : new AdminCreation.EmailTaken();
                });
    }

    private User admin(String email, String name) {
        return new User(
                UUID.randomUUID(),
                UUID.randomUUID(),
                email,
                name,
                Set.of(Role.OWNER, Role.ADMIN),
                Set.of(),
                false,
                true,
                clock.instant());
    }
}
