// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.platform.secret.Secret;
import io.uplion.portal.PostgresServer;
import io.uplion.portal.identity.SignIn.Throttled;
import io.uplion.testing.time.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SignInsIT {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String ADA = "ada@example.org";
    private static final Secret WRONG = Secret.of("wrong");
    private static final PostgresServer SERVER = new PostgresServer();

    private final SettableClock clock = new SettableClock(NOW);
    private final Users users = new Users(SERVER.database(), clock);
    private final SignIns node = new SignIns(users, SERVER.database(), clock);
    private final SignIns otherNode = new SignIns(users, SERVER.database(), clock);
    private User ada;
    private Secret password;

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @BeforeEach
    void oneUser() {
        SERVER.empty();
        var created = (AdminCreation.Created) users.createAdmin(ADA, "Ada");
        ada = created.user();
        password = created.password();
    }

    @Test
    void whoIsRightSignsInAndLeavesNothingBehind() {
        assertThat(node.signIn(" Ada@Example.org ", password, "192.0.2.1"))
                .isEqualTo(new SignIn.Accepted(ada));
        assertThat(count("SELECT coalesce(sum(failures), 0) FROM sign_in_failures")).isZero();
    }

    @Test
    void whoIsSwitchedOffIsToldSo() {
        SERVER.database()
                .jdbi()
                .useHandle(handle -> handle.execute("UPDATE users SET disabled = true"));

        assertThat(node.signIn(ADA, password, "192.0.2.1")).isEqualTo(new SignIn.Disabled());
    }

    @Test
    void whoFailsForOneEmailWaitsLongerEachTimeOnAllNodesAndFromEverywhere() {
        for (int failure = 1; failure <= 6; failure++) {
            assertThat(node.signIn(ADA, WRONG, "192.0.2." + failure))
                    .as("failure " + failure)
                    .isEqualTo(new SignIn.Refused());
        }

        assertThat(otherNode.signIn(ADA, password, "192.0.2.99"))
                .isEqualTo(new Throttled(Duration.ofSeconds(1)));
        clock.advance(Duration.ofSeconds(1));
        assertThat(node.signIn(ADA, WRONG, "192.0.2.98")).isEqualTo(new SignIn.Refused());
        assertThat(otherNode.signIn("ADA@example.org", password, "192.0.2.97"))
                .isEqualTo(new Throttled(Duration.ofSeconds(2)));

        clock.advance(Duration.ofSeconds(2));
        assertThat(otherNode.signIn(ADA, password, "192.0.2.99"))
                .isEqualTo(new SignIn.Accepted(ada));
        assertThat(node.signIn(ADA, WRONG, "192.0.2.98")).isEqualTo(new SignIn.Refused());
        assertThat(node.signIn(ADA, password, "192.0.2.98"))
                .as("begins anew")
                .isInstanceOf(SignIn.Accepted.class);
    }

    @Test
    void anEmailThatNobodyHasIsThrottledTheSame() {
        for (var email : List.of(ADA, "nobody@example.org", "no email at all")) {
            for (int failure = 0; failure < 6; failure++) {
                assertThat(node.signIn(email, WRONG, email + failure))
                        .isEqualTo(new SignIn.Refused());
            }
            assertThat(node.signIn(email, WRONG, "192.0.2.99"))
                    .as(email)
                    .isEqualTo(new Throttled(Duration.ofSeconds(1)));
        }
    }

    @Test
    void whoTriesManyEmailsFromOneAddressWaitsAndOthersDoNot() {
        for (int failure = 0; failure <= Throttle.ADDRESS.free(); failure++) {
            var address = "2001:db8::" + failure;
            assertThat(node.signIn(failure + "@example.org", WRONG, address))
                    .isEqualTo(new SignIn.Refused());
        }

        assertThat(otherNode.signIn(ADA, password, "2001:db8::ffff:1"))
                .as("of the same network")
                .isEqualTo(new Throttled(Duration.ofSeconds(1)));
        assertThat(otherNode.signIn(ADA, password, "2001:db8:0:1::1"))
                .isEqualTo(new SignIn.Accepted(ada));
    }

    @Test
    void whoGuessesDoesNotKeepTheOwnerOutWhereHeHasBeenBefore() {
        new Sessions(SERVER.database(), clock).open(ada, new Origin("192.0.2.1", ""));
        for (int failure = 0; failure < 6; failure++) {
            node.signIn(ADA, WRONG, "198.51.100." + failure);
        }
        assertThat(node.signIn(ADA, WRONG, "198.51.100.99")).isInstanceOf(Throttled.class);

        assertThat(node.signIn(ADA, password, "192.0.2.1")).isEqualTo(new SignIn.Accepted(ada));
    }

    @Test
    void manyAtOnceAreNoWayAround() {
        var tries =
                IntStream.range(0, 20)
                        .mapToObj(
                                i ->
                                        CompletableFuture.supplyAsync(
                                                () -> node.signIn(ADA, WRONG, "192.0.2." + i)))
                        .toList();

        assertThat(tries.stream().map(CompletableFuture::join))
                .filteredOn(SignIn.Refused.class::isInstance)
                .hasSize(Throttle.EMAIL.free() + 1);
    }

    @Test
    void whatIsOldIsForgotten() {
        for (int failure = 0; failure < 6; failure++) {
            node.signIn(ADA, WRONG, "192.0.2." + failure);
        }
        clock.advance(Throttle.FORGOTTEN.plusSeconds(1));

        assertThat(node.signIn("b@example.org", WRONG, "192.0.2.99"))
                .isEqualTo(new SignIn.Refused());

        assertThat(count("SELECT count(*) FROM sign_in_failures")).isEqualTo(2);
    }

    @Test
    void theTableIsBounded() {
        var small = new SignIns(users, SERVER.database(), clock, 4);
        for (int failure = 0; failure < 4; failure++) {
            clock.advance(Duration.ofMinutes(1));
            small.signIn(failure + "@example.org", WRONG, "192.0.2." + failure);
        }
        assertThat(count("SELECT count(*) FROM sign_in_failures")).isEqualTo(6);
    }

    private static int count(String sql) {
        return SERVER.database()
                .jdbi()
                .withHandle(handle -> handle.createQuery(sql).mapTo(Integer.class).one());
    }
}
