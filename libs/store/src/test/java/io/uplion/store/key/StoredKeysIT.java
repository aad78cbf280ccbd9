// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.store.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.platform.identity.Limited;
import io.uplion.platform.identity.Limits;
import io.uplion.platform.identity.Limits.Budget;
import io.uplion.platform.identity.Limits.Period;
import io.uplion.platform.identity.Principal.Role;
import io.uplion.platform.identity.Principal.Scope;
import io.uplion.platform.identity.Subject;
import io.uplion.platform.secret.Secret;
import io.uplion.store.Database;
import io.uplion.store.DatabaseConfig;
import io.uplion.store.Databases;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StoredKeysIT {
    private final ApiKey key = ApiKey.generate(new SecureRandom());
    private final UUID account = UUID.randomUUID();
    private final UUID user = UUID.randomUUID();
    private final UUID id = UUID.randomUUID();
    private static EmbeddedPostgres server;
    private Database database;
    private StoredKeys keys;

    @BeforeAll
    static void start() throws IOException {
        server = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(1)).start();
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @BeforeEach
    void oneKey() {
        var url = Databases.newOne(server);
        database = Database.open(DatabaseConfig.of(url, "postgres", Secret.of("unused")));
        database.migrate();
        keys = new StoredKeys(database.jdbi());
        execute("INSERT INTO accounts VALUES (?, 'Ada', 'PERSONAL', false, now())", account);
        execute(
                "INSERT INTO users (id, email, name, personal_account, groups, roles, created_at)"
                        + " VALUES (?, 'ada@b.c', 'Ada', ?, '{staff,lab}', '{ADMIN}', now())",
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
    }

    @AfterEach
    void close() {
        database.close();
    }

    /// An owner may use every model; a key of his that names groups only theirs.
    @Test
    void keyOfAnOwnerIsHeldToTheGroupsThatItNames() {
        execute("UPDATE users SET roles = '{OWNER,ADMIN}'");
        assertThat(found().principal().roles()).contains(Role.OWNER);

        execute("UPDATE api_keys SET groups = '{lab,other}'");

        assertThat(found().principal().roles()).containsExactly(Role.ADMIN);
        assertThat(found().principal().groups()).containsExactlyInAnyOrder("lab", "other");
    }

    @Test
    void everythingAKeyCarriesIsRead() {
        var first = UUID.randomUUID();
        execute(
                "UPDATE api_keys SET scopes = '{MANAGEMENT}', groups = '{lab,other}', rpm = 60,"
                        + " budget_nanos = 5, budget_period = 'DAY', counted_as = ?,"
                        + " ip_ranges = '{192.0.2.0/24, 2001:db8::/32}',"
                        + " expires_at = '2026-01-01T00:00:00.5Z', rolled_to = id,"
                        + " works_until = '2026-01-02T00:00:00Z', revoked_at = '2026-01-03T00:00:00Z'",
                first);
        execute("UPDATE users SET tpm = 10000000000");
        execute("UPDATE accounts SET concurrent = 3");

        var found = found();

        assertThat(found.principal().scopes()).containsExactly(Scope.MANAGEMENT);
        assertThat(found.principal().groups()).containsExactly("lab");
        assertThat(found.principal().subjects())
                .containsExactlyInAnyOrder(
                        Subject.key(id), Subject.user(user), Subject.account(account));
        assertThat(found.ranges())
                .containsExactlyInAnyOrder(
                        IpRange.parse("192.0.2.0/24"), IpRange.parse("2001:db8::/32"));
        assertThat(found.expiresAt()).contains(Instant.parse("2026-01-01T00:00:00.5Z"));
        assertThat(found.worksUntil()).contains(Instant.parse("2026-01-02T00:00:00Z"));
        assertThat(found.revokedAt()).contains(Instant.parse("2026-01-03T00:00:00Z"));
        var none = Limits.NONE;
        assertThat(found.principal().limited())
                .containsExactly(
                        new Limited(
                                Subject.key(first),
                                new Limits(
                                        Optional.of(60L),
                                        none.tpm(),
                                        none.concurrent(),
                                        Optional.of(new Budget(5, Period.DAY)))),
                        new Limited(
                                Subject.user(user),
                                new Limits(
                                        none.rpm(),
                                        Optional.of(10_000_000_000L),
                                        none.concurrent(),
                                        none.budget())),
                        new Limited(
                                Subject.account(account),
                                new Limits(none.rpm(), none.tpm(), Optional.of(3), none.budget())));
        assertThat(StoredKey.parse(found.text())).isEqualTo(found);
    }

    @Test
    void aPrimaryAnswersAsOfNowAlsoForAKeyThatIsNotThere() {
        var nobody = keys.find(Set.of(ApiKey.generate(new SecureRandom()).sha256()));

        assertThat(nobody.keys()).isEmpty();
        assertThat(nobody.asOf().replica()).isFalse();
        assertThat(nobody.asOf().time())
                .isCloseTo(Instant.now(), Assertions.within(Duration.ofMinutes(1)));
    }

    @Test
    void ofAnOwnersChangeTheKeysThatMayBeUsedAreTouched() {
        assertThat(keys.touchedBy(List.of(Subject.user(user))).keys()).hasSize(1);
        assertThat(keys.touchedBy(List.of(Subject.account(account))).keys()).hasSize(1);
        assertThat(keys.touchedBy(List.of(Subject.key(id), Subject.user(user))).keys()).hasSize(1);
        assertThat(keys.touchedBy(List.of(Subject.user(account))).keys()).isEmpty();

        execute("UPDATE api_keys SET revoked_at = now()");

        assertThat(keys.touchedBy(List.of(Subject.user(user))).keys()).isEmpty();
        assertThat(keys.touchedBy(List.of(Subject.key(id))).keys()).hasSize(1);
    }

    @Test
    void sessionsAreFoundAndTouchedAsKeysAre() {
        var token = SessionToken.generate(new SecureRandom());
        var session = UUID.randomUUID();
        execute(
                "INSERT INTO sessions (id, user_id, sha256, address, user_agent, created_at,"
                        + " last_seen_at, expires_at) VALUES (?, ?, ?, '', '', now(), now(),"
                        + " now() + INTERVAL '1 day')",
                session,
                user,
                token.sha256().toBytes());

        var both = keys.find(Set.of(key.sha256(), token.sha256())).keys();
        assertThat(both).containsOnlyKeys(key.sha256(), token.sha256());
        var found = both.get(token.sha256());
        assertThat(found.principal().session()).contains(session);
        assertThat(found.principal().key()).isEmpty();
        assertThat(StoredKey.parse(found.text())).isEqualTo(found);
        for (var subject :
                List.of(Subject.session(session), Subject.user(user), Subject.account(account))) {
            assertThat(keys.touchedBy(List.of(subject)).keys().values())
                    .as(subject.toString())
                    .contains(found);
        }
        assertThat(keys.touchedBy(List.of(Subject.key(session))).keys()).isEmpty();

        execute("UPDATE sessions SET ended_at = now()");
        assertThat(keys.touchedBy(List.of(Subject.user(user))).keys())
                .containsOnlyKeys(key.sha256());
        assertThat(keys.touchedBy(List.of(Subject.session(session))).keys())
                .containsOnlyKeys(token.sha256());
    }

    @Test
    void aTextThatIsNoKeyIsRefusedWithoutRepeatingIt() {
        for (var text : List.of("", "secretly", "{}", "{\"hash\":\"00\"}", "[]", "null")) {
            assertThatThrownBy(() -> StoredKey.parse(text))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> StoredKey.parse("{\"secretly\""))
                .satisfies(e -> assertThat(e.toString()).doesNotContain("secretly"));
    }

    private StoredKey found() {
        return keys.find(Set.of(key.sha256())).keys().get(key.sha256());
    }

    private void execute(String sql, Object... values) {
        database.jdbi().useHandle(handle -> handle.execute(sql, values));
    }
}
