// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.portal.identity.Users;
import io.uplion.standalone.database.EmbeddedDatabase;
import io.uplion.store.Database;
import io.uplion.store.key.ApiKey;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The commands beside a database that runs.
class KeyCommandIT {
    @TempDir private static Path data;
    private static EmbeddedDatabase server;

    private record Ended(int status, String output, String errors) {}

    @BeforeAll
    static void start() {
        server = EmbeddedDatabase.open(data);
        try (var database = Database.open(server.config())) {
            database.migrate();
            new Users(database, Clock.systemUTC()).createAdmin("admin@localhost", "Administrator");
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aKeyGoesThroughItsLife() {
        var made =
                run(
                        "key create --name shop --rpm 60 --tpm 90000 --concurrent 4"
                                + " --ip-ranges 192.0.2.0/24,2001:db8::/32"
                                + " --groups staff");
        var key = ApiKey.parse(made.output().strip()).orElseThrow();
        var id = id(key);
        assertThat(listed(id)).contains("active", "rpm=60 tpm=90000 concurrent=4", "shop");

        assertThat(run("key limit " + id + " --rpm 10 --tpm none").output().strip())
                .isEqualTo("rpm=10 concurrent=4");
        assertThat(run("key disable " + id).status()).isZero();
        assertThat(listed(id)).contains("disabled");
        assertThat(run("key enable " + id).status()).isZero();

        var rolled = ApiKey.parse(run("key roll " + id + " --overlap 1h").output().strip());
        assertThat(rolled).isPresent();
        assertThat(run("key roll " + id).errors()).contains("is rolled");
        assertThat(listed(id(rolled.get()))).contains("active", "rpm=10 concurrent=4");

        assertThat(run("key revoke " + id).status()).isZero();
        assertThat(run("key revoke " + id).status()).as("it is revoked").isZero();
        assertThat(listed(id)).contains("revoked");
        assertThat(run("key limit " + id + " --rpm 1").errors()).contains("is revoked");
        assertThat(run("key list").output()).doesNotContain(key.secret().reveal());
    }

    @ParameterizedTest
    @CsvSource({
        "key create --rpm -5, 1, rpm: must not be negative",
        "key create --rpm 0, 1, rpm: must be 1 or more",
        "key create --rpm 1000001, 1, rpm: must be at most",
        "key create --rpm 99999999999999999999, 2, --rpm must be a whole number",
        "key create --rpm 60/s, 2, --rpm must be a whole number without a unit",
        "key create --tpm 1k, 2, --tpm must be a whole number",
        "key create --concurrent 99999999999, 1, concurrent: must be at most",
        "key create --budget 5, 2, --budget must be AMOUNT/PERIOD",
        "key create --budget 5EUR/month, 2, --budget must be AMOUNT/PERIOD",
        "key create --budget 5/week, 2, the period is day",
        "key create --budget 0/day, 1, budget: must be more than 0",
        "key create --budget 0.000/day, 1, budget: must be more than 0",
        "key create --budget -1/day, 1, budget: must be more than 0",
        "key create --budget 1000000001/day, 2, --budget must be at most 1000000000",
        "key create --budget 9999999999/day, 2, --budget must be at most 1000000000",
        "key create --budget -9999999999/day, 2, --budget must be at most 1000000000",
        "key create --budget 1e3/day, 2, --budget must be AMOUNT/PERIOD",
        "key create --budget 5/day/month, 2, --budget must be AMOUNT/PERIOD",
        "key create --scope management --budget 5/day, 1, limits: cannot be enforced",
        "key limit 00000000-0000-0000-0000-000000000001 --budget 5/week, 2, the period is day",
        "user limit admin@localhost --budget 0/day, 1, budget: must be more than 0",
        "user limit admin@localhost --budget 5, 2, --budget must be AMOUNT/PERIOD",
        "user limit admin@localhost --rpm -1, 1, rpm: must not be negative",
        "user limit admin@localhost, 2, name at least one",
        "user limit nobody@localhost --rpm 1, 1, there is no user nobody@localhost",
        "user limit nobody --rpm 1, 1, there is no user nobody",
        "account limit admin@localhost --budget -1/day, 1, budget: must be more than 0",
        "account limit admin@localhost --concurrent 0, 1, concurrent: must be 1 or more",
        "account limit nobody@localhost --rpm 1, 1, there is no account nobody@localhost",
        "account limit 00000000-0000-0000-0000-000000000001 --rpm 1, 1, there is no account",
        "account limit mine --rpm 1, 1, there is no account mine",
        "key create --budget 0.0000000001/day, 2, 9 decimal places",
        "key create --scope both, 2, --scope must be inference or management",
        "key create --scope management --rpm 5, 1, limits: cannot be enforced",
        "key create --ip-ranges 10.0.0.1/8, 2, perhaps 10.0.0.0/8",
        "key create --ip-ranges home, 2, is no address",
        "key create --account 00000000-0000-0000-0000-000000000001, 1, belongs to no account",
        "key limit 00000000-0000-0000-0000-000000000001 --rpm 1, 1, there is no key",
        "key limit 00000000-0000-0000-0000-000000000001, 2, name at least one",
        "key roll 00000000-0000-0000-0000-000000000001 --overlap 721h, 1, overlap: must be 0 to 30",
        "key roll 00000000-0000-0000-0000-000000000001 --overlap soon, 2, --overlap must be a time",
        "key revoke 00000000-0000-0000-0000-000000000001, 1, there is no key",
        "key revoke mine, 2, key list shows the ids"
    })
    void whatCannotBeIsRefusedWithFieldAndReason(String command, int status, String reason) {
        var ended = run(command);

        assertThat(ended.errors()).contains(reason).doesNotContain("\tat ");
        assertThat(ended.status()).isEqualTo(status);
        assertThat(ended.output()).isEmpty();
    }

    @Test
    void budgetsAreSetChangedAndTakenAway() {
        var made = run("key create --name poor --budget 5.00/month");
        assertThat(made.status()).isZero();
        var id = id(ApiKey.parse(made.output().strip()).orElseThrow());
        assertThat(listed(id)).contains("budget=5/month");
        assertThat(run("key limit " + id + " --budget 0.000000001/total").output().strip())
                .isEqualTo("budget=0.000000001/total");
        assertThat(run("key limit " + id + " --budget none").output().strip()).isEqualTo("-");

        for (var owner : List.of("user limit admin@localhost", "account limit admin@localhost")) {
            assertThat(run(owner + " --budget 1000000000/day --rpm 7").output().strip())
                    .isEqualTo("rpm=7 budget=1000000000/day");
            assertThat(run(owner + " --rpm none").output().strip())
                    .isEqualTo("budget=1000000000/day");
            assertThat(run(owner + " --budget none").output().strip()).isEqualTo("-");
        }
    }

    /// Who mistakes the key for its id finds no copy of it in the terminal's log.
    @Test
    void aKeyGivenAsAnIdIsNotRepeated() {
        var key = ApiKey.generate(new java.security.SecureRandom()).secret().reveal();

        assertThat(run("key revoke " + key).errors()).doesNotContain(key.substring(4));
    }

    private static UUID id(ApiKey key) {
        var line =
                run("key list")
                        .output()
                        .lines()
                        .filter(one -> one.contains("…" + key.last4()))
                        .findFirst()
                        .orElseThrow();
        return UUID.fromString(line.substring(0, 36));
    }

    private static String listed(UUID id) {
        return run("key list")
                .output()
                .lines()
                .filter(line -> line.startsWith(id.toString()))
                .findFirst()
                .orElseThrow();
    }

    private static Ended run(String command) {
        var words = new ArrayList<>(List.of(command.split(" ")));
        words.addAll(List.of("--data", data.toString()));
        var output = new StringWriter();
        var errors = new StringWriter();
        var line = CommandLineRoot.line();
        line.setOut(new PrintWriter(output));
        line.setErr(new PrintWriter(errors));
        var status = line.execute(words.toArray(String[]::new));
        return new Ended(status, output.toString(), errors.toString());
    }
}
