// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.platform.secret.Secret;
import io.uplion.store.Database;
import io.uplion.store.DatabaseConfig;
import io.uplion.testing.wait.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedDatabaseIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    /// With a blank and a quote: people have such directories.
    @TempDir private static Path parent;

    private static Path data;

    @BeforeAll
    static void firstStart() {
        data = parent.resolve("Ada's data");
        EmbeddedDatabase.open(data).close();
    }

    @BeforeEach
    void notRunning() {
        assertThat(EmbeddedDatabase.attach(data)).isEmpty();
    }

    @AfterEach
    void stopped() throws IOException {
        assertThat(Postmaster.find(data.toRealPath().resolve("postgres"))).isEmpty();
    }

    @Test
    void dataSurvivesARestartWhichIsQuick() throws SQLException {
        try (var server = EmbeddedDatabase.open(data);
                var database = connect(server.config())) {
            execute(database, "CREATE TABLE kept AS SELECT 42 AS answer");
        }
        var begin = System.nanoTime();
        try (var server = EmbeddedDatabase.open(data)) {
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isLessThan(Duration.ofMillis(1500));
            try (var database = connect(server.config())) {
                assertThat(number(database, "SELECT answer FROM kept")).isEqualTo(42);
            }
        }
    }

    @Test
    void nobodyComesInWithoutThePassword() throws Exception {
        try (var server = EmbeddedDatabase.open(data)) {
            var wrong =
                    DatabaseConfig.of(
                            server.config().url(), EmbeddedDatabase.ROLE, Secret.of("wrong"));
            assertThatThrownBy(() -> connect(wrong).close())
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password");
        }
        var file = data.resolve("postgres.password");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(data.resolve("postgres/pg_hba.conf"))).doesNotContain("trust");
    }

    @Test
    void listensOnOneLoopbackAddressAndNoSocketFile() throws SQLException {
        try (var server = EmbeddedDatabase.open(data);
                var database = connect(server.config())) {
            assertThat(text(database, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(text(database, "SHOW unix_socket_directories")).isEmpty();
            var port = text(database, "SHOW port");
            assertThat(Path.of("/tmp/.s.PGSQL." + port)).doesNotExist();
            assertThatThrownBy(() -> new Socket("127.0.0.2", Integer.parseInt(port)).close())
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void keepsItsPromiseOfDurability() throws SQLException {
        try (var server = EmbeddedDatabase.open(data);
                var database = connect(server.config())) {
            assertThat(text(database, "SHOW fsync")).isEqualTo("on");
            assertThat(text(database, "SHOW synchronous_commit")).isEqualTo("on");
            assertThat(text(database, "SHOW server_version")).isEqualTo(PostgresBinaries.VERSION);
        }
    }

    @Test
    void aSecondPlatformIsRefusedAndTheCommandLineAttaches() {
        try (var server = EmbeddedDatabase.open(data)) {
            assertThatThrownBy(() -> EmbeddedDatabase.open(data))
                    .isInstanceOf(EmbeddedDatabaseException.class)
                    .hasMessageContaining("another platform");
            assertThat(EmbeddedDatabase.attach(data)).contains(server.config());
        }
        assertThat(EmbeddedDatabase.attach(parent.resolve("nothing here"))).isEmpty();
    }

    @Test
    void theServerOfAKilledPlatformIsReplaced() throws Exception {
        var child = startPlatform();
        var config = EmbeddedDatabase.attach(data).orElseThrow();
        var orphan = postmaster();
        try (var database = connect(config)) {
            execute(database, "CREATE TABLE IF NOT EXISTS survivors (id int)");
            execute(database, "INSERT INTO survivors VALUES (1)");
        }

        child.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        assertThat(orphan.isAlive()).isTrue();

        try (var server = EmbeddedDatabase.open(data);
                var database = connect(server.config())) {
            assertThat(orphan.onExit().get(10, TimeUnit.SECONDS)).isEqualTo(orphan);
            assertThat(number(database, "SELECT count(*) FROM survivors")).isOne();
        }
    }

    @Test
    void aKilledServerIsStartedAgainWhereItWas() throws Exception {
        try (var server = EmbeddedDatabase.open(data);
                var database = Database.open(server.config())) {
            var config = server.config();
            for (var kill = 0; kill < 2; kill++) {
                assertThat(database.isReachable()).isTrue();
                var killed = postmaster();
                killed.destroyForcibly();
                Await.until(
                        "another server runs",
                        LIMIT,
                        () -> EmbeddedDatabase.attach(data).isPresent() && isAnother(killed));
                assertThat(server.config()).isEqualTo(config);
                Await.until("the pool comes back", LIMIT, database::isReachable);
            }
        }
    }

    @Test
    void whoeverWantsToKnowIsToldOfEachLifeOfTheServer() throws Exception {
        var told = new CopyOnWriteArrayList<String>();
        try (var server = EmbeddedDatabase.open(data)) {
            server.tell(
                    new ServerLives() {
                        @Override
                        public void began(ProcessHandle process) {
                            told.add("began " + process.pid());
                        }

                        @Override
                        public void died() {
                            told.add("died");
                        }
                    });
            var killed = postmaster();
            Await.until("it is told", LIMIT, () -> told.contains("began " + killed.pid()));

            killed.destroyForcibly();

            Await.until("it runs again", LIMIT, () -> told.size() == 3);
            assertThat(told)
                    .containsExactly(
                            "began " + killed.pid(), "died", "began " + postmaster().pid());
        }
    }

    @Test
    void aServerThatWasKilledWithItsPlatformRecovers() throws Exception {
        var child = startPlatform();
        var server = postmaster();
        child.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        server.destroyForcibly();
        server.onExit().get(10, TimeUnit.SECONDS);
        assertThat(data.resolve("postgres/postmaster.pid")).exists();

        EmbeddedDatabase.open(data).close();
    }

    /// Between two servers there is none.
    private static boolean isAnother(ProcessHandle killed) {
        try {
            return Postmaster.find(data.toRealPath().resolve("postgres"))
                    .filter(found -> found.process().pid() != killed.pid())
                    .isPresent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ProcessHandle postmaster() {
        try {
            return Postmaster.find(data.toRealPath().resolve("postgres")).orElseThrow().process();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aPidFileWhoseNumberBelongsToAnotherProgramIsForgotten() throws IOException {
        var pidFile = data.resolve("postgres/postmaster.pid");
        Files.writeString(
                pidFile,
                "%d\n%s\n1\n5432\n\n127.0.0.1\n\nready\n"
                        .formatted(ProcessHandle.current().pid(), data));

        EmbeddedDatabase.open(data).close();

        assertThat(ProcessHandle.current().isAlive()).isTrue();
    }

    @Test
    void aStartThatWasKilledHalfWayIsDoneAgain(@TempDir Path other) throws IOException {
        Files.createDirectories(other.resolve(".postgres.unfinished/base"));
        Files.createDirectories(other.resolve(".postgres-binaries.unfinished/bin"));
        Files.writeString(other.resolve(".postgres.password.unfinished"), "ab");

        EmbeddedDatabase.open(other).close();

        assertThat(other.resolve(".postgres.unfinished")).doesNotExist();
    }

    @Test
    void dataOfAnotherMajorVersionIsRefusedInWords(@TempDir Path other) throws IOException {
        Files.createDirectories(other.resolve("postgres"));
        Files.writeString(other.resolve("postgres/PG_VERSION"), "17\n");

        assertThatThrownBy(() -> EmbeddedDatabase.open(other))
                .isInstanceOf(EmbeddedDatabaseException.class)
                .hasMessageContaining("PostgreSQL 17");
    }

    /// Another JVM that opens the database and then waits to be killed.
    private static Process startPlatform() throws Exception {
        var child =
                new ProcessBuilder(
                                List.of(
                                        ProcessHandle.current().info().command().orElseThrow(),
                                        "-Xmx64m",
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        HoldOpen.class.getName(),
                                        data.toString()))
                        .redirectErrorStream(true)
                        .start();
        var reader = child.inputReader();
        for (var line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.equals(HoldOpen.OPEN)) {
                return child;
            }
        }
        throw new AssertionError("the child did not open the database");
    }

    private static Connection connect(DatabaseConfig config) throws SQLException {
        return DriverManager.getConnection(config.url(), config.user(), config.password().reveal());
    }

    private static void execute(Connection database, String sql) throws SQLException {
        try (var statement = database.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int number(Connection database, String sql) throws SQLException {
        return Integer.parseInt(text(database, sql));
    }

    private static String text(Connection database, String sql) throws SQLException {
        try (var statement = database.createStatement();
                var rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }
}
