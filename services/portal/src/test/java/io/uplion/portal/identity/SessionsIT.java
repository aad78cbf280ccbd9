// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.platform.secret.Secret;
import io.uplion.portal.PostgresServer;
import io.uplion.store.key.SessionToken;
import io.uplion.testing.time.SettableClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SessionsIT {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Origin HERE = new Origin("192.0.2.7", "Browser/1");
    private static final PostgresServer SERVER = new PostgresServer();

    private final SettableClock clock = new SettableClock(NOW);
    private final Users users = new Users(SERVER.database(), clock);
    private final Sessions sessions = new Sessions(SERVER.database(), clock);
    private User ada;
    private Secret password;

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @BeforeEach
    void oneUser() {
        SERVER.empty();
        var created = (AdminCreation.Created) users.createAdmin("ada@example.org", "Ada");
        ada = created.user();
        password = created.password();
    }

    @Test
    void aSessionIsFoundByItsTokenWithItsUser() {
        var opened = sessions.open(ada, HERE);

        assertThat(sessions.find(opened.token()))
                .contains(new Sessions.Signed(opened.session(), ada));
        assertThat(opened.session().address()).isEqualTo("192.0.2.7");
        assertThat(opened.session().userAgent()).isEqualTo("Browser/1");
        assertThat(opened.session().expiresAt()).isEqualTo(NOW.plus(Duration.ofDays(7)));
    }

    @Test
    void theTokenIsStoredNowhereAndNotPrinted() {
        var opened = sessions.open(ada, HERE);

        assertThat(opened.toString()).doesNotContain(opened.token().reveal());
        assertThat(text("SELECT s::text FROM sessions s"))
                .doesNotContain(opened.token().reveal().substring(4))
                .contains(
                        SessionToken.parse(opened.token().reveal())
                                .orElseThrow()
                                .sha256()
                                .toString());
    }

    @Test
    void whatIsNobodysOrMalformedIsNotFound() {
        assertThat(sessions.find(SessionToken.generate(new SecureRandom()).secret())).isEmpty();
        assertThat(sessions.find(Secret.of(""))).isEmpty();
        assertThat(sessions.find(Secret.of("ups_\u0000"))).isEmpty();
    }

    @Test
    void aSessionThatIsNotUsedIsOverAfterAWeekAndOneThatIsAfterAMonth() {
        var idle = sessions.open(ada, HERE);
        var used = sessions.open(ada, HERE);
        for (int day = 1; day < 30; day++) {
            clock.advance(Duration.ofDays(1));
            assertThat(sessions.find(used.token())).as("day " + day).isPresent();
            if (day == 7) {
                assertThat(sessions.find(idle.token())).isEmpty();
            }
        }
        clock.advance(Duration.ofDays(1));

        assertThat(sessions.find(used.token())).isEmpty();
        assertThat(sessions.of(ada.id())).isEmpty();
    }

    @Test
    void whenItWasSeenIsWrittenOnceAMinuteAndItsEndMovesOnceAnHour() {
        var opened = sessions.open(ada, HERE);
        var told = count("SELECT count(*) FROM access_changes");

        clock.advance(Duration.ofSeconds(59));
        sessions.find(opened.token());
        assertThat(only().lastSeenAt()).isEqualTo(NOW);

        clock.advance(Duration.ofSeconds(1));
        sessions.find(opened.token());
        assertThat(only().lastSeenAt()).isEqualTo(NOW.plusSeconds(60));
        assertThat(only().expiresAt()).isEqualTo(NOW.plus(Duration.ofDays(7)));
        assertThat(count("SELECT count(*) FROM access_changes")).isEqualTo(told);

        clock.advance(Duration.ofMinutes(59));
        var found = sessions.find(opened.token()).orElseThrow().session();
        assertThat(only()).isEqualTo(found);
        assertThat(found.expiresAt()).isEqualTo(clock.instant().plus(Duration.ofDays(7)));
        assertThat(count("SELECT count(*) FROM access_changes")).isEqualTo(told + 1);
    }

    @Test
    void anEndedSessionIsGoneAndOnlyItsUserEndsIt() {
        var opened = sessions.open(ada, HERE);
        var id = opened.session().id();

        assertThat(sessions.end(UUID.randomUUID(), id)).isFalse();
        assertThat(sessions.find(opened.token())).isPresent();
        assertThat(sessions.end(ada.id(), id)).isTrue();
        assertThat(sessions.end(ada.id(), id)).as("again").isFalse();

        assertThat(sessions.find(opened.token())).isEmpty();
        assertThat(
                        text(
                                "SELECT kind || ' ' || id || ' ' || ended FROM access_changes"
                                        + " ORDER BY version DESC LIMIT 1"))
                .isEqualTo("SESSION " + id + " true");
    }

    @Test
    void allEndButTheOneThatIsKept() {
        var kept = sessions.open(ada, HERE);
        sessions.open(ada, HERE);
        sessions.open(ada, HERE);

        assertThat(sessions.endAll(ada.id(), Optional.of(kept.session().id()))).isEqualTo(2);
        assertThat(sessions.of(ada.id())).containsExactly(kept.session());
        assertThat(sessions.endAll(ada.id(), Optional.empty())).isOne();
        assertThat(sessions.of(ada.id())).isEmpty();
    }

    @Test
    void theSessionsOfADisabledUserAreNotFound() {
        var opened = sessions.open(ada, HERE);
        execute("UPDATE users SET disabled = true");

        assertThat(sessions.find(opened.token())).isEmpty();
    }

    @Test
    void fiftyAreOpenAtMostAndTheOldestGo() {
        var first = sessions.open(ada, HERE);
        clock.advance(Duration.ofSeconds(1));
        IntStream.range(0, Sessions.MOST).forEach(_ -> sessions.open(ada, HERE));

        assertThat(sessions.of(ada.id())).hasSize(Sessions.MOST);
        assertThat(sessions.find(first.token())).isEmpty();
    }

    @Test
    void whatIsLongOverIsForgotten() {
        sessions.open(ada, HERE);
        clock.advance(Duration.ofDays(38));

        sessions.open(ada, HERE);

        assertThat(count("SELECT count(*) FROM sessions")).isOne();
    }

    @Test
    void anotherPasswordEndsTheOtherSessions() {
        var mine = sessions.open(ada, HERE);
        var other = sessions.open(ada, HERE);
        var chosen = Secret.of("glacier teapot 1842 vole");

        assertThat(
                        users.changePassword(
                                ada.id(), Optional.of(mine.session().id()), password, chosen))
                .isEqualTo(new PasswordChange.Done());

        assertThat(sessions.find(mine.token())).isPresent();
        assertThat(sessions.find(mine.token()).orElseThrow().user().mustChangePassword()).isFalse();
        assertThat(sessions.find(other.token())).isEmpty();
        assertThat(users.verify("ada@example.org", chosen)).isInstanceOf(SignIn.Accepted.class);
        assertThat(users.verify("ada@example.org", password)).isEqualTo(new SignIn.Refused());
    }

    @Test
    void aResetEndsAllSessions() {
        var opened = sessions.open(ada, HERE);

        users.resetPassword("ada@example.org");

        assertThat(sessions.find(opened.token())).isEmpty();
    }

    @Test
    void aPasswordThatIsNotChangedEndsNothing() {
        var opened = sessions.open(ada, HERE);
        var good = Secret.of("glacier teapot 1842 vole");

        assertThat(users.changePassword(ada.id(), Optional.empty(), Secret.of("wrong"), good))
                .isEqualTo(new PasswordChange.WrongPassword());
        assertThat(users.changePassword(UUID.randomUUID(), Optional.empty(), password, good))
                .isEqualTo(new PasswordChange.WrongPassword());
        assertThat(users.changePassword(ada.id(), Optional.empty(), password, Secret.of("short")))
                .isInstanceOf(PasswordChange.Invalid.class);
        assertThat(users.changePassword(ada.id(), Optional.empty(), password, password))
                .isInstanceOf(PasswordChange.Invalid.class);

        assertThat(sessions.find(opened.token())).isPresent();
        assertThat(users.verify("ada@example.org", password)).isInstanceOf(SignIn.Accepted.class);
    }

    private Session only() {
        var all = sessions.of(ada.id());
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private static void execute(String sql) {
        SERVER.database().jdbi().useHandle(handle -> handle.execute(sql));
    }

    private static int count(String sql) {
        return Integer.parseInt(text(sql));
    }

    private static String text(String sql) {
        return SERVER.database()
                .jdbi()
                .withHandle(handle -> handle.createQuery(sql).mapTo(String.class).one());
    }
}
