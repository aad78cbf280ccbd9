// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.standalone.database.EmbeddedDatabase;
import io.uplion.store.Database;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Prices and books from the command line, beside a database that runs.
class MoneyCommandsIT {
    @TempDir private static Path data;
    private static EmbeddedDatabase server;
    private static Database database;

    private record Ended(int status, String output, String errors) {}

    @BeforeAll
    static void start() {
        server = EmbeddedDatabase.open(data);
        database = Database.open(server.config());
        database.migrate();
    }

    @AfterAll
    static void stop() {
        database.close();
        server.close();
    }

    private static Ended run(String command) {
        var out = new StringWriter();
        var err = new StringWriter();
        var line = CommandLineRoot.line();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        var words = Stream.of((command + " --data " + data).split(" "));
        var status = line.execute(words.toArray(String[]::new));
        return new Ended(status, out.toString(), err.toString());
    }

    @Test
    void priceIsSetAndListedWithAllItsParts() {
        assertThat(run("price set gpt --input 0.15 --output 0.6 --cached-input 0.075").status())
                .isZero();
        assertThat(run("price set eu-1 --pool --input 2 --output 8 --from 2999-01-01").status())
                .isZero();

        var lines = run("price list").output().lines().toList();

        assertThat(lines.getFirst()).contains("OF", "INPUT", "AUDIO OUT");
        assertThat(lines)
                .anySatisfy(
                        line ->
                                assertThat(line.split(" +"))
                                        .startsWith("model", "gpt")
                                        .endsWith("0.15", "0.075", "0.6", "0.6", "0.15", "0.6"))
                .anySatisfy(
                        line ->
                                assertThat(line.split(" +"))
                                        .startsWith("pool", "eu-1", "2999-01-01T00:00:00Z"));
    }

    @ParameterizedTest
    @CsvSource({
        "price set m --output 1,--input",
        "price set m --input 1e3 --output 1,--input",
        "price set m --input 1 --output -1,--output",
        "price set m --input 1 --output 0.0001,--output",
        "price set m --input 1 --output 1 --reasoning x,--reasoning",
        "price set m --input 1 --output 1 --from tomorrow,--from",
        "price set m --input 1 --output 1 --from 2020-01-01,from is past",
        "reconcile --days 0,--days"
    })
    void wrongInputIsNamed(String command, String named) {
        var ended = run(command);

        assertThat(ended.status()).isNotZero();
        assertThat(ended.errors()).contains(named);
    }

    @Test
    void booksAreComparedAndADifferenceIsToldAndEndsWithOne() {
        var agree = run("reconcile");
        assertThat(agree.status()).as(agree.errors()).isZero();
        assertThat(agree.output()).contains("the books agree").contains("not compared");

        var account = UUID.randomUUID();
        database.jdbi()
                .useHandle(
                        handle ->
                                handle.execute(
                                        "INSERT INTO balances VALUES (?, 1, 5, 0, now())",
                                        account));

        var differ = run("reconcile --days 3");
        assertThat(differ.status()).isOne();
        assertThat(differ.output())
                .contains(
                        "account "
                                + account
                                + ": rollups says nothing, balances says 1 requests, 5 + 0 nanos")
                .contains("1 differences");
        database.jdbi().useHandle(handle -> handle.execute("DELETE FROM balances"));
    }
}
