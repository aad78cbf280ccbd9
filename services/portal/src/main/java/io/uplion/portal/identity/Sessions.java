// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import io.uplion.platform.secret.Secret;
import io.uplion.store.Database;
import io.uplion.store.key.SessionToken;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// Opens the sessions of browsers, finds them again and ends them. An ended one is refused by every
/// node within five seconds, and what it has asked for is stopped. Calls block; each is one
/// transaction.
public final class Sessions {
    /// Of one user at once. Nobody has so many browsers; who has lets the oldest go.
    static final int MOST = 50;

    private static final Duration FORGOTTEN = Duration.ofDays(30);

    private final Jdbi jdbi;
    private final Clock clock;
    private final SessionTimes times;
    private final SecureRandom random = new SecureRandom();

    public Sessions(Database database, Clock clock) {
        this.jdbi = database.jdbi();
        this.clock = clock;
        this.times = SessionTimes.DEFAULTS;
    }

    /// @param token for the browser; it is stored nowhere
    public record Opened(Session session, Secret token) {}

    public record Signed(Session session, User user) {}

    /// Of somebody who has proved who he is.
    public Opened open(User user, Origin origin) {
        SessionToken token = SessionToken.generate(random);
        // As exact as the database keeps it.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Session session =
                new Session(
                        UUID.randomUUID(),
                        user.id(),
                        now,
                        now,
                        times.expiry(now, now),
                        origin.address(),
                        origin.userAgent());
        jdbi.useTransaction(
                handle -> {
                    SessionSql.insert(handle, session, token.sha256());
                    SessionSql.endBeyond(handle, user.id(), MOST, now);
                    SessionSql.forget(handle, user.id(), now.minus(FORGOTTEN));
                });
        return new Opened(session, token.secret());
    }

    /// Empty for one that is unknown, over or ended, and for a user who is switched off. A token of
    /// the wrong form asks nobody.
    public Optional<Signed> find(Secret token) {
        return SessionToken.parse(token.reveal())
                .flatMap(parsed -> jdbi.inTransaction(handle -> find(handle, parsed)));
    }

    private Optional<Signed> find(Handle handle, SessionToken token) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return SessionSql.find(handle, token.sha256(), now)
                .flatMap(
                        session ->
                                UserSql.login(handle, session.user())
                                        .map(UserSql.Login::user)
                                        .filter(user -> !user.disabled())
                                        .map(user -> new Signed(seen(handle, session, now), user)));
    }

    private Session seen(Handle handle, Session session, Instant now) {
        if (!times.isToBeNoted(session, now)) {
            return session;
        }
        Session seen = times.seen(session, now);
        SessionSql.seen(handle, seen, SessionTimes.SEEN);
        return seen;
    }

    /// Those that are open, the last used first.
    public List<Session> of(UUID user) {
        return jdbi.withHandle(handle -> SessionSql.of(handle, user, clock.instant()));
    }

    /// @return whether the user had this session, and it was open
    public boolean end(UUID user, UUID session) {
        return jdbi.inTransaction(handle -> SessionSql.end(handle, user, session, clock.instant()));
    }

    /// @param except one that goes on
    /// @return how many have ended by it
    public int endAll(UUID user, Optional<UUID> except) {
        return jdbi.inTransaction(
                handle -> SessionSql.endAll(handle, user, except, clock.instant()));
    }
}
