// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.uplion.platform.secret.Secret;
import io.uplion.standalone.distributed.process.Supervisor;
import io.uplion.testing.wait.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisServerIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir private Path parent;

    private Path data;
    private Supervisor supervisor;
    private final List<String> said = new CopyOnWriteArrayList<>();

    @BeforeEach
    void open() throws IOException {
        // With a blank and a quote: people have such directories.
        data = Files.createDirectories(parent.resolve("Ada's data")).toRealPath();
        supervisor = Supervisor.open(data, said::add, new SimpleMeterRegistry());
    }

    @AfterEach
    void close() {
        supervisor.close();
    }

    @Test
    void answersThoseWhoKnowThePasswordOnLoopbackOnly() throws IOException {
        var redis = RedisServer.start(supervisor, data);

        assertThat(ask(redis, "AUTH " + redis.password().reveal(), "SET a 1", "GET a"))
                .startsWith("+OK", "+OK", "$1");
        assertThat(ask(redis, "GET a").getFirst()).startsWith("-NOAUTH");
        assertThat(RedisPing.isAnswered(redis.port(), Secret.of("wrong"))).isFalse();
        assertThatThrownBy(() -> new Socket("127.0.0.2", redis.port()).close())
                .isInstanceOf(IOException.class);
        assertThat(redis.url()).isEqualTo("redis://127.0.0.1:" + redis.port());
    }

    @Test
    void passwordIsInFilesOfTheOwnerOnly() throws IOException {
        var redis = RedisServer.start(supervisor, data);
        var password = redis.password().reveal();
        var process = supervisor.process("redis").orElseThrow();

        assertThat(Files.readString(redis.passwordFile())).isEqualTo(password);
        for (var file : List.of("redis/password", "redis/redis.conf")) {
            assertThat(mode(data.resolve(file))).isEqualTo("rw-------");
        }
        assertThat(process.info().commandLine().orElseThrow()).doesNotContain(password);
        assertThat(data.resolve("run/endpoints.json"))
                .content()
                .isEqualTo("{\"redis\":\"" + redis.url() + "\"}");
        assertThat(redis.toString()).doesNotContain(password);
    }

    @Test
    void comesBackEmptyOnItsPortAndWithItsPassword() throws IOException {
        var redis = RedisServer.start(supervisor, data);
        ask(redis, "AUTH " + redis.password().reveal(), "SET a 1");

        supervisor.process("redis").orElseThrow().destroyForcibly();

        Await.until("it is back", LIMIT, () -> !said.isEmpty() && isAnswered(redis));
        assertThat(ask(redis, "AUTH " + redis.password().reveal(), "GET a"))
                .containsExactly("+OK", "$-1");
        assertThat(said).containsExactly("redis ended with code 137; starting it again");
    }

    @Test
    void anotherStartHasAnotherPasswordOnTheSamePort() throws IOException {
        var first = RedisServer.start(supervisor, data);
        supervisor.close();
        supervisor = Supervisor.open(data, said::add, new SimpleMeterRegistry());

        var second = RedisServer.start(supervisor, data);

        assertThat(second.port()).isEqualTo(first.port());
        assertThat(second.password()).isNotEqualTo(first.password());
        assertThat(said).isEmpty();
    }

    @Test
    void theOneThatTheProgramBringsIsUnpackedWhereTheMachineHasNone() throws Exception {
        var program = RedisProgram.find(parent.toString(), parent);

        assertThat(program).isExecutable().hasParent(parent);
        assertThat(RedisProgram.find("", parent)).isEqualTo(program);
        var version = new ProcessBuilder(program.toString(), "--version").start();
        var printed = new String(version.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(printed).contains("v=6.");
    }

    @Test
    void theOneOfTheMachineIsPreferred() throws IOException {
        var own = Files.createDirectories(parent.resolve("bin")).resolve("redis-server");
        Files.createFile(
                own,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));

        assertThat(RedisProgram.find(parent + ":" + own.getParent(), data)).isEqualTo(own);
    }

    private static boolean isAnswered(RedisServer redis) {
        try {
            return RedisPing.isAnswered(redis.port(), redis.password());
        } catch (IOException _) {
            return false;
        }
    }

    /// One line for each command, and what follows the last.
    private static List<String> ask(RedisServer redis, String... commands) throws IOException {
        try (var socket = new Socket("127.0.0.1", redis.port())) {
            var text = String.join("\r\n", commands) + "\r\n";
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            socket.setSoTimeout((int) LIMIT.toMillis());
            var answers =
                    new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.US_ASCII));
            var lines = new CopyOnWriteArrayList<String>();
            for (int i = 0; i < commands.length; i++) {
                lines.add(answers.readLine());
            }
            return lines;
        }
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
