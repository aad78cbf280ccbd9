// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.server;

import io.uplion.platform.secret.Secret;
import io.uplion.standalone.data.OwnerFile;
import io.uplion.standalone.distributed.process.ChildSpec;
import io.uplion.standalone.distributed.process.Command;
import io.uplion.standalone.distributed.process.ProcessException;
import io.uplion.standalone.distributed.process.Supervisor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// A Redis on a loopback port, the supervisor's child `redis`. It keeps nothing: what it holds can
/// be built again. Its password is new at each start of the platform.
///
/// @param passwordFile holds the password for children, mode 0600
public record RedisServer(int port, Secret password, Path passwordFile) {
    private static final String NAME = "redis";
    private static final ChildSpec.Limits LIMITS =
            new ChildSpec.Limits(Duration.ofSeconds(30), Duration.ofSeconds(10));

    /// Returns when it answers.
    ///
    /// @throws ProcessException in words for the person at the terminal
    public static RedisServer start(Supervisor supervisor, Path data) {
        try {
            Path directory = Files.createDirectories(data.toRealPath().resolve(NAME));
            Path program = RedisProgram.find(System.getenv().getOrDefault("PATH", ""), directory);
            RedisServer server =
                    new RedisServer(
                            supervisor.ports().port(NAME),
                            newPassword(),
                            directory.resolve("password"));
            Path settings = directory.resolve("redis.conf");
            OwnerFile.replace(settings, server.settings().getBytes(StandardCharsets.UTF_8));
            OwnerFile.replace(
                    server.passwordFile(),
                    server.password().reveal().getBytes(StandardCharsets.UTF_8));
            supervisor.start(List.of(server.child(program, settings, directory)));
            return server;
        } catch (IOException e) {
            throw new ProcessException("Redis did not start: " + e.getMessage(), e);
        }
    }

    private static Secret newPassword() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        return Secret.of(HexFormat.of().formatHex(random));
    }

    /// Without the password, for example `redis://127.0.0.1:20379`.
    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /// Full memory refuses writes: a counter that vanished would be a budget that came back.
    private String settings() {
        return """
            # Written by UPLION at every start.
            bind 127.0.0.1
            protected-mode yes
            port %d
            requirepass %s
            daemonize no
            dir ./
            save ""
            appendonly no
            maxmemory 256mb
            maxmemory-policy noeviction
            """
                .formatted(port, password.reveal());
    }

    private ChildSpec child(Path program, Path settings, Path directory) {
        return new ChildSpec(
                NAME,
                new Command.Program(
                        List.of(program.toString(), settings.toString()), directory, Map.of()),
                () -> RedisPing.isAnswered(port, password),
                Map.of(NAME, url()),
                LIMITS);
    }
}
