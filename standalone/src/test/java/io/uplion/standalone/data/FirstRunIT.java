// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.platform.secret.Secret;
import io.uplion.portal.identity.SignIn;
import io.uplion.portal.identity.Users;
import io.uplion.portal.keys.Keys;
import io.uplion.standalone.database.EmbeddedDatabase;
import io.uplion.store.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// First starts that are killed between the making of the secrets and their safe keeping.
class FirstRunIT {
    private static final String URL = "http://127.0.0.1:8080";

    @TempDir private Path data;

    @Test
    void startAfterAKilledFirstStartShowsNewSecrets() throws Exception {
        var lost = killedBeforeTheSecretsAreKept();
        assertThat(data.resolve("first-run.json")).doesNotExist();

        try (var _ = DataDirectory.hold(data)) {
            assertThat(data.resolve(".first-run.json1.part")).doesNotExist();
            with(
                    database -> {
                        var first = make(database).orElseThrow();
                        assertValid(database, first);
                        assertThat(signIn(database, lost)).isInstanceOf(SignIn.Refused.class);
                        first.write(URL);
                        return first;
                    });
            assertThat(data.resolve("first-run.json")).isRegularFile();
            assertThat(with(FirstRunIT.this::make)).as("shown once").isEmpty();
        }
    }

    @Test
    void firstStartThatEndsBeforeThereIsAnyUserIsDoneAgain() throws IOException {
        Files.createFile(data.resolve("first-run.pending"));

        with(
                database -> {
                    assertValid(database, make(database).orElseThrow());
                    return true;
                });
    }

    @Test
    void startThatEndsBetweenTheAdministratorAndTheKeyIsDoneAgain() throws IOException {
        Files.createFile(data.resolve("first-run.pending"));

        with(
                database -> {
                    new Users(database, Clock.systemUTC())
                            .createFirstAdmin(FirstRun.ADMIN_EMAIL, "Administrator");
                    assertValid(database, make(database).orElseThrow());
                    return true;
                });
    }

    /// Whoever has renamed the administrator needs no new password.
    @Test
    void usersOfSomebodyElseAreLeftAlone() throws IOException {
        Files.createFile(data.resolve("first-run.pending"));

        with(
                database -> {
                    new Users(database, Clock.systemUTC()).createAdmin("a@example.org", "A");
                    assertThat(make(database)).isEmpty();
                    return true;
                });
        assertThat(data.resolve("first-run.pending")).doesNotExist();
    }

    private Optional<FirstRun> make(Database database) {
        return FirstRun.make(database, data, Clock.systemUTC());
    }

    private static void assertValid(Database database, FirstRun first) {
        assertThat(signIn(database, first.password())).isInstanceOf(SignIn.Accepted.class);
        var usable =
                new Keys(database, Clock.systemUTC())
                        .list().stream().filter(key -> key.revokedAt().isEmpty()).toList();
        assertThat(usable).hasSize(1);
        assertThat(first.apiKey().reveal())
                .startsWith(usable.getFirst().prefix())
                .endsWith(usable.getFirst().last4());
    }

    private static SignIn signIn(Database database, Secret password) {
        return new Users(database, Clock.systemUTC()).verify(FirstRun.ADMIN_EMAIL, password);
    }

    private <T> T with(Function<Database, T> work) {
        try (var server = EmbeddedDatabase.open(data);
                var database = Database.open(server.config())) {
            database.migrate();
            return work.apply(database);
        }
    }

    /// @return the password that nobody was shown
    private Secret killedBeforeTheSecretsAreKept() throws Exception {
        var child =
                new ProcessBuilder(
                                List.of(
                                        ProcessHandle.current().info().command().orElseThrow(),
                                        "-Xmx128m",
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        HalfFirstRun.class.getName(),
                                        data.toString()))
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        var reader = child.inputReader();
        var line = reader.readLine();
        while (line != null && !line.startsWith(HalfFirstRun.MADE)) {
            line = reader.readLine();
        }
        child.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        assertThat(line).as("the secrets were made").isNotNull();
        return Secret.of(line.substring(HalfFirstRun.MADE.length()));
    }
}
