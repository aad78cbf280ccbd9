// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.platform.identity.Principal.Role;
import io.uplion.platform.secret.Secret;
import io.uplion.portal.PostgresServer;
import io.uplion.portal.identity.AdminCreation.Created;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UsersIT {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final PostgresServer SERVER = new PostgresServer();

    private final Users users = new Users(SERVER.database(), Clock.fixed(NOW, ZoneOffset.UTC));

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @BeforeEach
    void empty() {
        SERVER.empty();
    }

    @Test
    void theFirstAdminOwnsThePlatformAndAPersonalAccount() {
        var created = (Created) users.createFirstAdmin(" Ada@Example.org ", "Ada Lovelace");

        assertThat(created.user().roles()).containsExactlyInAnyOrder(Role.OWNER, Role.ADMIN);
        assertThat(created.user().mustChangePassword()).isTrue();
        assertThat(users.findByEmail("ada@EXAMPLE.org")).contains(created.user());
        assertThat(count("SELECT count(*) FROM account_members")).isOne();
        assertThat(users.verify("ada@example.org", created.password()))
                .isEqualTo(new SignIn.Accepted(created.user()));
    }

    @Test
    void thereIsOneFirstAdminAlsoWhenSeveralProcessesStart() {
        var outcomes =
                IntStream.range(0, 4)
                        .mapToObj(
                                i ->
                                        CompletableFuture.supplyAsync(
                                                () ->
                                                        users.createFirstAdmin(
                                                                "a" + i + "@b.c", "A")))
                        .toList()
                        .stream()
                        .map(CompletableFuture::join)
                        .toList();

        assertThat(outcomes).filteredOn(Created.class::isInstance).hasSize(1);
        assertThat(outcomes).filteredOn(AdminCreation.NotTheFirst.class::isInstance).hasSize(3);
    }

    @Test
    void anEmailIsTakenInAnyCaseAndNothingIsLeftBehind() {
        assertThat(users.createAdmin("ada@example.org", "Ada")).isInstanceOf(Created.class);

        assertThat(users.createAdmin("ADA@example.org", "Eve"))
                .isEqualTo(new AdminCreation.EmailTaken());
        assertThat(count("SELECT count(*) FROM accounts")).isOne();
    }

    @Test
    void refusesWhatIsNoEmailOrNoName() {
        assertThat(users.createAdmin("ada", "Ada")).isInstanceOf(AdminCreation.Invalid.class);
        assertThat(users.createAdmin("a@" + "b".repeat(300), "Ada"))
                .isInstanceOf(AdminCreation.Invalid.class);
        assertThat(users.createAdmin("ada@example.org", "A".repeat(101)))
                .isInstanceOf(AdminCreation.Invalid.class);
        assertThat(users.createAdmin("ada@example.org", " "))
                .isInstanceOf(AdminCreation.Invalid.class);
    }

    @Test
    void aResetReplacesThePassword() {
        var created = (Created) users.createAdmin("ada@example.org", "Ada");

        var reset = (PasswordReset.Done) users.resetPassword("Ada@example.org");

        assertThat(users.verify("ada@example.org", created.password()))
                .isEqualTo(new SignIn.Refused());
        assertThat(users.verify("ada@example.org", reset.password()))
                .isInstanceOf(SignIn.Accepted.class);
        assertThat(users.resetPassword("nobody@example.org"))
                .isEqualTo(new PasswordReset.NoSuchUser());
    }

    @Test
    void aDisabledUserIsToldSoOnlyWithTheRightPassword() {
        var created = (Created) users.createAdmin("ada@example.org", "Ada");
        execute("UPDATE users SET disabled = true");

        assertThat(users.verify("ada@example.org", created.password()))
                .isEqualTo(new SignIn.Disabled());
        assertThat(users.verify("ada@example.org", Secret.of("wrong")))
                .isEqualTo(new SignIn.Refused());
    }

    @Test
    void whoHasNoPasswordHereCannotSignInWithOne() {
        users.createAdmin("ada@example.org", "Ada");
        execute("UPDATE users SET password_hash = NULL");

        assertThat(users.verify("ada@example.org", Secret.of(""))).isEqualTo(new SignIn.Refused());
        assertThat(users.verify("ada@example.org", Secret.of("null")))
                .isEqualTo(new SignIn.Refused());
        assertThat(users.verify("nobody@example.org", Secret.of("x")))
                .isEqualTo(new SignIn.Refused());
        assertThat(users.verify("a\u0000@example.org", Secret.of("x")))
                .isEqualTo(new SignIn.Refused());
    }

    @Test
    void neitherPasswordNorHashIsPrinted() {
        var created = (Created) users.createAdmin("ada@example.org", "Ada");

        assertThat(created.toString())
                .contains("[REDACTED]")
                .doesNotContain(created.password().reveal());
    }

    private static void execute(String sql) {
        SERVER.database().jdbi().useHandle(handle -> handle.execute(sql));
    }

    private static int count(String sql) {
        return SERVER.database()
                .jdbi()
                .withHandle(handle -> handle.createQuery(sql).mapTo(Integer.class).one());
    }
}
