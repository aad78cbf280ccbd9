// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.redis;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lettuce.core.RedisClient;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.uplion.counters.SharedState;
import io.uplion.counters.SharedStateException;
import io.uplion.platform.secret.Secret;
import io.uplion.testing.external.FreePort;
import io.uplion.testing.wait.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/// A real Redis for tests, on a port of its own. It keeps nothing: after a kill it is empty.
public final class RedisProcess implements AutoCloseable {
    static final LuaScript ECHO =
            new LuaScript("return ARGV", "4cf2342858f27cba86b2b790280b0ba54885a7d0");

    private final int port;
    private final String password;
    private Process process;

    private RedisProcess(int port, String password) {
        this.port = port;
        this.password = password;
    }

    /// Skips the test where there is no `redis-server`.
    ///
    /// @param password empty for none
    public static RedisProcess start(String password) {
        assumeTrue(isInstalled(), "needs redis-server on the PATH");
        var redis = new RedisProcess(FreePort.find(), password);
        redis.start();
        return redis;
    }

    private static boolean isInstalled() {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "redis-server")));
    }

    public void start() {
        var command = new ArrayList<>(List.of("redis-server", "--bind", "127.0.0.1"));
        command.addAll(List.of("--port", String.valueOf(port), "--save", "", "--appendonly", "no"));
        if (!password.isEmpty()) {
            command.addAll(List.of("--requirepass", password));
        }
        try {
            process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        Await.until("Redis answers", Duration.ofSeconds(20), this::answers);
    }

    private boolean answers() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(1000);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            var first = socket.getInputStream().read();
            return first == '+' || first == '-'; // PONG, or a password is wanted
        } catch (IOException e) {
            return false;
        }
    }

    public RedisConfig config() {
        var secret =
                password.isEmpty() ? Optional.<Secret>empty() : Optional.of(Secret.of(password));
        return RedisConfig.of("redis://127.0.0.1:" + port, secret);
    }

    /// A client that has been through. In a JVM that has just begun, loading the client's classes
    /// can take longer than a call may.
    public SharedState client() {
        var client = RedisSharedState.at(config());
        Await.until("Redis is reached", Duration.ofSeconds(20), () -> isReached(client));
        return client;
    }

    /// A client that nobody waits for; it has been through, too. A patient one goes first, and
    /// loads the classes.
    public RedisCalls calls(Duration patience) {
        var calls = RedisCalls.at(config(), patience);
        try (var patient = RedisCalls.at(config(), Duration.ofSeconds(10))) {
            Await.until("Redis answers", Duration.ofMinutes(1), () -> isReached(patient));
            Await.until("Redis is reached", Duration.ofMinutes(1), () -> isReached(calls));
        }
        return calls;
    }

    private static boolean isReached(RedisCalls calls) {
        try {
            var none = new String[] {"uplion:{}"};
            return !calls.run(ECHO, none, "").toCompletableFuture().join().isEmpty();
        } catch (CompletionException e) {
            return false;
        }
    }

    /// One command, past every client of ours.
    ///
    /// @return the number it answers, or 0
    public long ask(String... words) {
        try (var client = RedisClient.create("redis://127.0.0.1:" + port);
                var connection = client.connect()) {
            var arguments = new CommandArgs<>(StringCodec.UTF8);
            Arrays.stream(words).skip(1).forEach(arguments::add);
            var answer =
                    connection
                            .sync()
                            .dispatch(
                                    CommandType.valueOf(words[0]),
                                    new NestedMultiOutput<>(StringCodec.UTF8),
                                    arguments);
            return answer.getFirst() instanceof Long number ? number : 0;
        }
    }

    private static boolean isReached(SharedState client) {
        try {
            client.all("");
            return true;
        } catch (SharedStateException e) {
            return false;
        }
    }

    /// What was in it is lost.
    public void kill() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                throw new AssertionError("Redis does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted", e);
        }
    }

    /// It keeps its connections and says nothing.
    public void freeze() {
        signal("STOP");
    }

    public void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            var kill = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()));
            if (kill.start().waitFor() != 0) {
                throw new AssertionError("kill -" + name);
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
