// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import io.uplion.platform.secret.Secret;
import io.uplion.portal.audit.Actor;
import io.uplion.portal.limits.Problem;
import io.uplion.store.Database;
import io.uplion.store.key.KeyHash;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// Links by which somebody who has no password, or has forgotten it, chooses one: whoever has the
/// link is believed to be its user.
public final class PasswordLinks {
    static final Duration LIFE = Duration.ofDays(3);
    private static final int RANDOM_BYTES = 32;

    private final Jdbi jdbi;
    private final Clock clock;
    private final Passwords passwords = new Passwords();
    private final SecureRandom random = new SecureRandom();

    public PasswordLinks(Database database, Clock clock) {
        this.jdbi = database.jdbi();
        this.clock = clock;
    }

    /// In place of the one that the user may have.
    PasswordLink make(Handle handle, UUID user) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Instant expiresAt = now.plus(LIFE);
        PasswordLinkSql.put(handle, user, KeyHash.of(token), now, expiresAt);
        return new PasswordLink(Secret.of(token), expiresAt);
    }

    /// All sessions of its user end, and the link is used up.
    public PasswordChoice choose(Secret token, Secret chosen) {
        KeyHash hash = KeyHash.of(token.reveal());
        Optional<User> known =
                jdbi.withHandle(
                        handle ->
                                PasswordLinkSql.user(handle, hash, clock.instant())
                                        .flatMap(user -> UserSql.login(handle, user))
                                        .map(UserSql.Login::user)
                                        .filter(user -> !user.disabled()));
        if (known.isEmpty()) {
            return new PasswordChoice.NoSuchLink();
        }
        User user = known.get();
        Optional<Problem> problem = PasswordRules.problem(chosen, user);
        if (problem.isPresent()) {
            return new PasswordChoice.Invalid(problem.get());
        }
        String chosenHash = passwords.hash(chosen);
        return Actor.transaction(
                jdbi,
                handle -> {
                    if (!PasswordLinkSql.take(handle, user.id(), hash)) {
                        return new PasswordChoice.NoSuchLink();
                    }
                    Instant now = clock.instant();
                    UserSql.choosePassword(handle, user.id(), chosenHash, now);
                    SessionSql.endAll(handle, user.id(), Optional.empty(), now);
                    return new PasswordChoice.Done();
                });
    }
}
