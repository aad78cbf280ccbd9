// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.uplion.platform.secret.Secret;
import io.uplion.portal.identity.AdminCreation;
import io.uplion.portal.identity.SignIn;
import io.uplion.portal.identity.Users;
import io.uplion.portal.keys.KeyMetadata;
import io.uplion.portal.keys.Keys;
import io.uplion.standalone.database.EmbeddedDatabase;
import io.uplion.store.Database;
import io.uplion.testing.platform.Program;
import io.uplion.testing.wait.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the commands leave in the database, seen there.
class CommandEffectsE2E {
    private static final String ADMIN = "admin@localhost";
    private static final String SECOND = "second@example.org";

    /// Long enough to be used before, on a slow machine too.
    private static final Duration LIFE = Duration.ofSeconds(12);

    @TempDir private Path data;

    @BeforeAll
    static void needsTheProgram() {
        assumeTrue(Program.isBuilt(), "needs the built program: mvn -pl standalone -am package");
    }

    @Test
    void thePrintedPasswordsAreThoseThatSignIn() throws IOException {
        try (var _ = Program.up(data)) {
            var first =
                    new ObjectMapper()
                            .readTree(data.resolve("first-run.json").toFile())
                            .path("admin");
            assertThat(first.path("email").asText()).isEqualTo(ADMIN);
            var shown = first.path("password").asText();
            assertThat(signIn(ADMIN, shown)).isInstanceOf(SignIn.Accepted.class);

            var reset = command("admin", "reset-password");
            assertThat(signIn(ADMIN, reset)).isInstanceOf(SignIn.Accepted.class);
            assertThat(signIn(ADMIN, shown)).isInstanceOf(SignIn.Refused.class);

            var second = makeSecond();
            var theirs = command("admin", "reset-password", "--email", SECOND);
            assertThat(signIn(SECOND, theirs)).isInstanceOf(SignIn.Accepted.class);
            assertThat(signIn(SECOND, second)).isInstanceOf(SignIn.Refused.class);
            assertThat(signIn(ADMIN, reset)).isInstanceOf(SignIn.Accepted.class);
        }
    }

    @Test
    void aKeyEndsWhenItWasToldTo() {
        try (var up = Program.up(data)) {
            var key = command("key", "create", "--expires-in", LIFE.toSeconds() + "s");
            var client = Client.of(up.url(), key);
            assertThat(client.chat("simulator").statusCode()).isEqualTo(200);
            assertThat(keys(ADMIN))
                    .filteredOn(made -> made.expiresAt().isPresent())
                    .singleElement()
                    .satisfies(
                            made ->
                                    assertThat(made.expiresAt().orElseThrow())
                                            .isBetween(
                                                    made.createdAt().plus(LIFE).minusSeconds(10),
                                                    made.createdAt().plus(LIFE)));
            Await.until(
                    "the key is refused",
                    LIFE.multipliedBy(3),
                    () -> client.chat("simulator").statusCode() == 401);
            var lasting = Client.first(up.url(), data);
            assertThat(lasting.chat("simulator").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aKeyHasTheNameAndTheOwnerItWasGiven() {
        try (var up = Program.up(data)) {
            makeSecond();
            var key = command("key", "create", "--name", "for the shop", "--email", SECOND);
            assertThat(keys(SECOND))
                    .singleElement()
                    .satisfies(
                            made -> {
                                assertThat(made.name()).isEqualTo("for the shop");
                                assertThat(made.ownerEmail()).isEqualTo(SECOND);
                                assertThat(key).startsWith(made.prefix()).endsWith(made.last4());
                            });
            assertThat(keys(ADMIN)).extracting(KeyMetadata::name).containsExactly("first key");
            assertThat(Client.of(up.url(), key).chat("simulator").statusCode()).isEqualTo(200);
            refused("who@example.org", "--email", "who@example.org");
            refused("name", "--name", "a".repeat(5000));
            var never = Program.run("key", "create", "--data=" + data, "--expires-in", "never");
            assertThat(never.status()).isEqualTo(2);
            assertThat(never.errors()).contains("--expires-in").doesNotContain("\tat ");
            assertThat(keys(ADMIN)).hasSize(1);
        }
    }

    /// @return what it prints
    private String command(String... words) {
        var command = new ArrayList<>(List.of(words));
        command.addAll(List.of("--data", data.toString()));
        var ended = Program.run(command.toArray(String[]::new));
        assertThat(ended.errors()).isEmpty();
        assertThat(ended.status()).isZero();
        return ended.output().strip();
    }

    private void refused(String reason, String option, String value) {
        var ended = Program.run("key", "create", "--data=" + data, option, value);
        assertThat(ended.status()).isNotZero();
        assertThat(ended.output()).isEmpty();
        assertThat(ended.errors()).startsWith("uplion: ").containsOnlyOnce("\n").contains(reason);
    }

    private String makeSecond() {
        return database(
                database -> {
                    var users = new Users(database, Clock.systemUTC());
                    var made = (AdminCreation.Created) users.createAdmin(SECOND, "Second");
                    return made.password().reveal();
                });
    }

    private SignIn signIn(String email, String password) {
        return database(
                database ->
                        new Users(database, Clock.systemUTC()).verify(email, Secret.of(password)));
    }

    private List<KeyMetadata> keys(String email) {
        return database(database -> new Keys(database, Clock.systemUTC()).listOf(email));
    }

    /// That of the running platform.
    private <T> T database(Function<Database, T> work) {
        try (var database = Database.open(EmbeddedDatabase.attach(data).orElseThrow())) {
            return work.apply(database);
        }
    }
}
