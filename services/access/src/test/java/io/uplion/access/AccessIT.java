// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.access.Decision.Allowed;
import io.uplion.access.Decision.Denied;
import io.uplion.access.Decision.Reason;
import io.uplion.access.Decision.Unavailable;
import io.uplion.counters.InProcessSharedState;
import io.uplion.counters.floors.KnownFloors;
import io.uplion.platform.identity.Principal;
import io.uplion.platform.identity.Principal.Role;
import io.uplion.platform.secret.Secret;
import io.uplion.store.Database;
import io.uplion.store.DatabaseConfig;
import io.uplion.store.key.ApiKey;
import io.uplion.testing.time.SettableClock;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Against a real server, over connections that cannot write.
class AccessIT {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final AccessConfig CONFIG =
            new AccessConfig(Duration.ofSeconds(5), 100, 2, 100, Duration.ofSeconds(3));

    private final SettableClock clock = new SettableClock(NOW);
    private final ApiKey key = ApiKey.generate(new SecureRandom());
    private final UUID user = UUID.randomUUID();
    private final UUID account = UUID.randomUUID();
    private final UUID id = UUID.randomUUID();
    private EmbeddedPostgres server;
    private Database writes;
    private Database reads;
    private Access access;

    @BeforeEach
    void start() throws IOException {
        server = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(1)).start();
        var config =
                DatabaseConfig.of(
                        server.getJdbcUrl("postgres", "postgres"), "postgres", Secret.of("none"));
        writes = Database.open(config);
        writes.migrate();
        reads = Database.open(config.readOnly());
        access = Access.start(CONFIG, alone(), clock);
        oneKey();
    }

    @AfterEach
    void stop() throws IOException {
        access.close();
        reads.close();
        writes.close();
        server.close();
    }

    @Test
    void aKeyBecomesItsPrincipal() {
        assertThat(ask())
                .isEqualTo(
                        new Allowed(
                                new Principal(
                                        account,
                                        user,
                                        Optional.of(id),
                                        Set.of(Role.ADMIN),
                                        Set.of("staff"),
                                        Set.of("gpt-4o-mini"))));
    }

    @Test
    void anUnknownKeyIsDenied() {
        var other = new Credentials.Key(ApiKey.generate(new SecureRandom()).secret());

        assertThat(ask(other)).isEqualTo(new Denied(Reason.UNKNOWN_KEY));
    }

    @Test
    void aFloodOfUnknownKeysIsDeniedAndLetsTheOthersThrough() {
        access.close();
        access = Access.start(AccessConfig.defaults(), alone(), clock);
        var random = new SecureRandom();
        var flood =
                IntStream.range(0, 10_000)
                        .mapToObj(_ -> new Credentials.Key(ApiKey.generate(random).secret()))
                        .map(made -> access.decide(question(made)).toCompletableFuture())
                        .toList();

        assertThat(ask()).isInstanceOf(Allowed.class);
        assertThat(flood)
                .allSatisfy(
                        one ->
                                assertThat(one.orTimeout(10, TimeUnit.SECONDS).join())
                                        .isEqualTo(new Denied(Reason.UNKNOWN_KEY)));
    }

    @Test
    void aRevokedKeyIsRefusedFiveSecondsLaterAtTheLatest() {
        assertThat(ask()).isInstanceOf(Allowed.class);
        write("UPDATE api_keys SET revoked_at = now()");

        clock.advance(Duration.ofSeconds(5));

        assertThat(ask()).isEqualTo(new Denied(Reason.REVOKED));
    }

    @Test
    void anExpiredKeyIsDenied() {
        write("UPDATE api_keys SET expires_at = '2026-01-01T00:00:02Z'");
        assertThat(ask()).isInstanceOf(Allowed.class);

        clock.advance(Duration.ofSeconds(2));

        assertThat(ask()).isEqualTo(new Denied(Reason.EXPIRED));
    }

    @Test
    void whatIsSwitchedOffIsDenied() {
        for (var off :
                Set.of(
                        "UPDATE api_keys SET enabled = false",
                        "UPDATE users SET disabled = true",
                        "UPDATE accounts SET disabled = true",
                        "DELETE FROM account_members")) {
            write(off);
            assertThat(ask()).as(off).isEqualTo(new Denied(Reason.DISABLED));

            write("TRUNCATE accounts CASCADE");
            oneKey();
            assertThat(ask()).isInstanceOf(Allowed.class);
            clock.advance(Duration.ofSeconds(5));
        }
    }

    @Test
    void aStoppedDatabaseIsUnavailableAndNotADenial() throws IOException {
        assertThat(ask()).isInstanceOf(Allowed.class);
        server.close();

        assertThat(ask()).as("remembered").isInstanceOf(Allowed.class);
        clock.advance(Duration.ofSeconds(5));

        assertThat(ask()).isEqualTo(new Unavailable());
    }

    private void oneKey() {
        write("INSERT INTO accounts VALUES (?, 'Ada', 'PERSONAL', false, now())", account);
        write(
                "INSERT INTO users (id, email, name, personal_account, roles, groups, created_at)"
                        + " VALUES (?, 'ada@b.c', 'Ada', ?, '{ADMIN}', '{staff}', now())",
                user,
                account);
        write("INSERT INTO account_members VALUES (?, ?, now())", account, user);
        write(
                "INSERT INTO api_keys (id, account_id, user_id, name, sha256, prefix, last4,"
                        + " models, created_at) VALUES (?, ?, ?, 'k', ?, ?, ?, '{gpt-4o-mini}', now())",
                id,
                account,
                user,
                key.sha256().toBytes(),
                key.prefix(),
                key.last4());
    }

    private void write(String sql, Object... values) {
        writes.jdbi().useHandle(handle -> handle.execute(sql, values));
    }

    private Access.Alone alone() {
        return new Access.Alone(
                reads, KnownFloors.NONE, new InProcessSharedState(System::nanoTime));
    }

    private static Question question(Credentials credentials) {
        return Question.inference(credentials, Optional.empty());
    }

    private Decision ask() {
        return ask(new Credentials.Key(key.secret()));
    }

    private Decision ask(Credentials credentials) {
        return access.decide(question(credentials))
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }
}
