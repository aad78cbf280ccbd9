// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.platform.identity.Principal.Scope;
import io.uplion.platform.identity.Subject;
import io.uplion.platform.secret.Secret;
import io.uplion.store.key.ApiKey;
import io.uplion.store.key.StoredKey;
import io.uplion.store.key.StoredKeys;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// From the first release's data to now, and what the triggers write.
class MigrationIT {
    private final ApiKey key = ApiKey.generate(new SecureRandom());
    private final UUID account = UUID.randomUUID();
    private final UUID user = UUID.randomUUID();
    private final UUID id = UUID.randomUUID();
    private static EmbeddedPostgres server;
    private Database database;

    @BeforeAll
    static void start() throws IOException {
        server = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(1)).start();
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @BeforeEach
    void aDatabaseOfTheFirstRelease() {
        var url = Databases.newOne(server);
        Flyway.configure()
                .dataSource(url, "postgres", "unused")
                .locations("classpath:db/migration")
                .target("1")
                .load()
                .migrate();
        database = Database.open(DatabaseConfig.of(url, "postgres", Secret.of("unused")));
        execute("INSERT INTO accounts VALUES (?, 'Ada', 'PERSONAL', false, now())", account);
        execute(
                "INSERT INTO users (id, email, name, personal_account, groups, created_at)"
                        + " VALUES (?, 'ada@b.c', 'Ada', ?, '{staff}', now())",
                user,
                account);
        execute("INSERT INTO account_members VALUES (?, ?, now())", account, user);
        execute(
                "INSERT INTO api_keys (id, account_id, user_id, name, sha256, prefix, last4, models,"
                        + " created_at) VALUES (?, ?, ?, 'k', ?, ?, ?, '{m}', now())",
                id,
                account,
                user,
                key.sha256().toBytes(),
                key.prefix(),
                key.last4());
        database.migrate();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aKeyOfTheFirstReleaseWorksAsItDid() {
        var found = stored();

        assertThat(found.usable()).isTrue();
        assertThat(found.principal().models()).containsExactly("m");
        assertThat(found.principal().groups()).containsExactly("staff");
        assertThat(found.principal().scopes()).containsExactly(Scope.INFERENCE);
        assertThat(found.principal().limited()).isEmpty();
        assertThat(found.ranges()).isEmpty();
        assertThat(found.versions().rank()).isZero();
        assertThat(changes()).isEmpty();
    }

    @Test
    void whatMattersIsToldWithTheChangeAndWhatDoesNotIsNot() {
        execute("UPDATE api_keys SET name = 'other', last_used_at = now()");
        execute("UPDATE users SET name = 'other', email = 'b@b.c', must_change_password = true");
        execute("UPDATE accounts SET name = 'other'");
        assertThat(changes()).isEmpty();

        execute("UPDATE api_keys SET rpm = 60");
        execute("UPDATE api_keys SET rpm = 60");
        execute("UPDATE users SET groups = '{}'");
        execute("UPDATE accounts SET disabled = true");
        execute("UPDATE api_keys SET enabled = false");

        assertThat(changes())
                .containsExactly(
                        Subject.key(id) + " false",
                        Subject.user(user) + " false",
                        Subject.account(account) + " true",
                        Subject.key(id) + " true");
        assertThat(stored().versions()).isEqualTo(new StoredKey.Versions(4, 2, 3));
    }

    @Test
    void whoLeavesAnAccountEndsTheKeysThere() {
        execute("DELETE FROM account_members");
        assertThat(stored().usable()).isFalse();
        execute("INSERT INTO account_members VALUES (?, ?, now())", account, user);

        assertThat(changes())
                .containsExactly(Subject.key(id) + " true", Subject.key(id) + " false");
    }

    @Test
    void whatIsGoneHasEnded() {
        execute("DELETE FROM api_keys");

        assertThat(changes()).containsExactly(Subject.key(id) + " true");
    }

    @Test
    void ofASessionIsToldWhatMatters() {
        var session = UUID.randomUUID();
        execute(
                "INSERT INTO sessions (id, user_id, sha256, address, user_agent, created_at,"
                        + " last_seen_at, expires_at)"
                        + " VALUES (?, ?, ?, '', '', now(), now(), now())",
                session,
                user,
                key.sha256().toBytes());
        execute("UPDATE sessions SET last_seen_at = now() + INTERVAL '1 minute'");
        execute("UPDATE sessions SET expires_at = now() + INTERVAL '1 day'");
        execute("UPDATE sessions SET ended_at = now()");
        execute("DELETE FROM sessions");

        var subject = Subject.session(session);
        assertThat(changes())
                .containsExactly(
                        subject + " false",
                        subject + " false",
                        subject + " true",
                        subject + " true");
    }

    @Test
    void aChangeThatIsTakenBackIsNotTold() {
        database.jdbi()
                .useTransaction(
                        handle -> {
                            handle.execute("UPDATE api_keys SET revoked_at = now()");
                            handle.rollback();
                        });

        assertThat(changes()).isEmpty();
    }

    /// The portal refuses them first; the schema refuses what comes past it.
    @Test
    void theSchemaRefusesLimitsThatCannotBe() {
        for (var wrong :
                List.of(
                        "rpm = 0",
                        "tpm = -1",
                        "concurrent = 100001",
                        "budget_nanos = 5",
                        "budget_period = 'DAY'",
                        "budget_nanos = 5, budget_period = 'WEEK'",
                        "scopes = '{INFERENCE,MANAGEMENT}'",
                        "scopes = '{}'",
                        "ip_ranges = '{10.0.0.1/8}'",
                        "works_until = now()")) {
            assertThatThrownBy(() -> execute("UPDATE api_keys SET " + wrong)).as(wrong).isNotNull();
        }
    }

    /// Budgets, their versions and the changes that wait to be told stay as they were, and the
    /// ledger takes what is billed.
    @Test
    void whatTheSecondReleaseHasWrittenStaysAndTheLedgerBegins() {
        var url = Databases.newOne(server);
        Flyway.configure()
                .dataSource(url, "postgres", "unused")
                .locations("classpath:db/migration")
                .target("2")
                .load()
                .migrate();
        try (var second = Database.open(DatabaseConfig.of(url, "postgres", Secret.of("unused")))) {
            var jdbi = second.jdbi();
            jdbi.useHandle(
                    handle ->
                            handle.execute(
                                    "INSERT INTO accounts (id, name, kind, created_at,"
                                            + " budget_nanos, budget_period, rpm)"
                                            + " VALUES (?, 'Ada', 'PERSONAL', now(), 7, 'DAY', 5)",
                                    account));
            jdbi.useHandle(handle -> handle.execute("UPDATE accounts SET rpm = 6"));
            var before = rows(jdbi, "SELECT a::text FROM accounts a");
            var waiting = rows(jdbi, "SELECT c::text FROM access_changes c");

            second.migrate();
            second.migrate();

            assertThat(rows(jdbi, "SELECT a::text FROM accounts a")).isEqualTo(before);
            assertThat(rows(jdbi, "SELECT c::text FROM access_changes c"))
                    .hasSize(1)
                    .isEqualTo(waiting);
            assertThat(rows(jdbi, "SELECT ledger_make_month('2026-11-01')::text"))
                    .containsExactly("true");
            assertThat(rows(jdbi, "SELECT ledger_make_month('2026-11-30')::text"))
                    .containsExactly("false");
            assertThat(rows(jdbi, "SELECT count(*)::text FROM ledger")).containsExactly("0");
        }
    }

    /// Sums stay where they were; times are now those of the account and of everybody.
    @Test
    void timesThatTheThirdReleaseHasCountedStayAndAreTheAccountsNow() {
        var url = Databases.newOne(server);
        Flyway.configure()
                .dataSource(url, "postgres", "unused")
                .locations("classpath:db/migration")
                .target("3")
                .load()
                .migrate();
        try (var third = Database.open(DatabaseConfig.of(url, "postgres", Secret.of("unused")))) {
            var jdbi = third.jdbi();
            var nobody = new UUID(0, 0);
            insertRollup(jdbi, "usage_rollups", account, id, 5);
            insertRollup(jdbi, "usage_rollups", account, nobody, 2);
            insertRollup(jdbi, "usage_rollups", UUID.randomUUID(), id, 1);
            insertRollup(jdbi, "usage_days", nobody, nobody, 8);

            third.migrate();

            assertThat(rows(jdbi, "SELECT requests::text FROM usage_rollups ORDER BY 1"))
                    .containsExactly("1", "2", "5");
            assertThat(rows(jdbi, "SELECT requests::text FROM usage_days")).containsExactly("8");
            assertThat(
                            rows(
                                    jdbi,
                                    "SELECT first_frame[1] || ' ' || total[44] FROM usage_times"
                                            + " ORDER BY total"))
                    .containsExactly("1 2", "7 14", "8 16");
            assertThat(
                            rows(
                                    jdbi,
                                    "SELECT DISTINCT total[44]::text FROM usage_times JOIN"
                                            + " usage_rollups USING (account, hour, model, pool,"
                                            + " outcome) WHERE key_id = '"
                                            + nobody
                                            + "'"))
                    .containsExactly("14");
        }
    }

    private static void insertRollup(
            Jdbi jdbi, String table, UUID account, UUID key, int requests) {
        jdbi.useHandle(
                handle ->
                        handle.execute(
                                "INSERT INTO "
                                        + table
                                        + " VALUES (?, '2026-11-28T23:00Z', ?, ?, 'm', 'p',"
                                        + " 'COMPLETED', ?, 0, 0, 0, 0, 0, 0, 0, 0,"
                                        + " array_fill(?::bigint, ARRAY [44]),"
                                        + " array_fill(?::bigint, ARRAY [44]))",
                                account,
                                new UUID(0, 0),
                                key,
                                requests,
                                requests,
                                2 * requests));
    }

    private static List<String> rows(Jdbi jdbi, String sql) {
        return jdbi.withHandle(handle -> handle.createQuery(sql).mapTo(String.class).list());
    }

    private StoredKey stored() {
        return new StoredKeys(database.jdbi()).find(Set.of(key.sha256())).keys().get(key.sha256());
    }

    private List<String> changes() {
        return database.jdbi()
                .withHandle(
                        handle ->
                                handle.createQuery(
                                                "SELECT lower(kind) || ':' || id || ' ' || ended"
                                                        + " FROM access_changes ORDER BY version")
                                        .mapTo(String.class)
                                        .list());
    }

    private void execute(String sql, Object... values) {
        database.jdbi().useHandle(handle -> handle.execute(sql, values));
    }
}
