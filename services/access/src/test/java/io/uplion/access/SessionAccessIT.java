// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.access.Decision.Allowed;
import io.uplion.access.Decision.Denied;
import io.uplion.access.Decision.Reason;
import io.uplion.counters.InProcessSharedState;
import io.uplion.counters.floors.KnownFloors;
import io.uplion.platform.identity.Limited;
import io.uplion.platform.identity.Limits;
import io.uplion.platform.identity.Principal;
import io.uplion.platform.identity.Principal.Role;
import io.uplion.platform.identity.Principal.Scope;
import io.uplion.platform.identity.Subject;
import io.uplion.platform.secret.Secret;
import io.uplion.store.Database;
import io.uplion.store.DatabaseConfig;
import io.uplion.store.key.SessionToken;
import io.uplion.testing.time.SettableClock;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Sessions, against a real server.
class SessionAccessIT {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Limits LIMITS =
            new Limits(Optional.of(60L), Optional.empty(), Optional.empty(), Optional.empty());

    private static EmbeddedPostgres server;
    private static Database writes;
    private static Database reads;

    private final SettableClock clock = new SettableClock(NOW);
    private final SessionToken token = SessionToken.generate(new SecureRandom());
    private final UUID user = UUID.randomUUID();
    private final UUID account = UUID.randomUUID();
    private final UUID id = UUID.randomUUID();
    private Access access;

    @BeforeAll
    static void startServer() throws IOException {
        server = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(1)).start();
        var config =
                DatabaseConfig.of(
                        server.getJdbcUrl("postgres", "postgres"), "postgres", Secret.of("none"));
        writes = Database.open(config);
        writes.migrate();
        reads = Database.open(config.readOnly());
    }

    @AfterAll
    static void stopServer() throws IOException {
        reads.close();
        writes.close();
        server.close();
    }

    @BeforeEach
    void oneSession() {
        write(
                "INSERT INTO accounts (id, name, kind, created_at, rpm)"
                        + " VALUES (?, 'Ada', 'PERSONAL', now(), 60)",
                account);
        write(
                "INSERT INTO users (id, email, name, personal_account, roles, groups, created_at,"
                        + " rpm) VALUES (?, ?, 'Ada', ?, '{ADMIN}', '{staff}', now(), 60)",
                user,
                user + "@b.c",
                account);
        write(
                "INSERT INTO sessions (id, user_id, sha256, address, user_agent, created_at,"
                        + " last_seen_at, expires_at)"
                        + " VALUES (?, ?, ?, '', '', now(), now(), '2026-01-08T00:00:00Z')",
                id,
                user,
                token.sha256().toBytes());
        access =
                Access.start(
                        new AccessConfig(Duration.ofSeconds(5), 100, 2, 100, Duration.ofSeconds(9)),
                        new Access.Alone(
                                reads,
                                KnownFloors.NONE,
                                new InProcessSharedState(System::nanoTime)),
                        clock);
    }

    @AfterEach
    void stop() {
        access.close();
    }

    @Test
    void aSessionBecomesItsUserWithNoKeyAndTheLimitsOfUserAndAccount() {
        var who =
                new Principal(
                        account,
                        user,
                        Optional.empty(),
                        Optional.of(id),
                        Set.of(Role.ADMIN),
                        Set.of("staff"),
                        Set.of(),
                        Set.of(Scope.INFERENCE, Scope.MANAGEMENT),
                        List.of(
                                new Limited(Subject.user(user), LIMITS),
                                new Limited(Subject.account(account), LIMITS)));

        assertThat(ask()).isEqualTo(new Allowed(who));
        assertThat(decide(new Credentials.Session(token.secret()))).isEqualTo(new Allowed(who));
        assertThat(who.subjects()).contains(Subject.session(id)).hasSize(3);
    }

    @Test
    void oneThatNobodyHasIsRefused() {
        var other = SessionToken.generate(new SecureRandom()).secret();

        assertThat(decide(new Credentials.Session(other))).isEqualTo(new Denied(Reason.NO_SESSION));
    }

    @Test
    void anEndedSessionIsRefusedFiveSecondsLaterAtTheLatest() {
        assertThat(ask()).isInstanceOf(Allowed.class);
        write("UPDATE sessions SET ended_at = now() WHERE id = ?", id);

        clock.advance(Duration.ofSeconds(5));

        assertThat(ask()).isEqualTo(new Denied(Reason.NO_SESSION));
    }

    @Test
    void whoIsSwitchedOffHasNoSession() {
        write("UPDATE users SET disabled = true WHERE id = ?", user);
        assertThat(ask()).isEqualTo(new Denied(Reason.NO_SESSION));

        write("UPDATE users SET disabled = false WHERE id = ?", user);
        assertThat(ask()).isInstanceOf(Allowed.class);

        clock.advance(Duration.ofSeconds(5));
        write("UPDATE accounts SET disabled = true WHERE id = ?", account);
        assertThat(ask()).isEqualTo(new Denied(Reason.NO_SESSION));
    }

    @Test
    void aSessionThatIsOverIsRefusedAtThatMoment() {
        clock.advance(Duration.ofDays(7).minusSeconds(1));
        assertThat(ask()).isInstanceOf(Allowed.class);

        clock.advance(Duration.ofSeconds(1));

        assertThat(ask()).isEqualTo(new Denied(Reason.NO_SESSION));
    }

    private static void write(String sql, Object... values) {
        writes.jdbi().useHandle(handle -> handle.execute(sql, values));
    }

    private Decision ask() {
        return decide(new Credentials.Key(token.secret()));
    }

    private Decision decide(Credentials credentials) {
        return access.decide(Question.inference(credentials, Optional.empty()))
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }
}
