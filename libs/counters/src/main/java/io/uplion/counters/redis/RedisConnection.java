// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.uplion.counters.SharedStateException;
import io.uplion.platform.secret.Secret;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One connection to Redis, made when it is needed and given up at the first sign of trouble.
///
/// The client could reconnect by itself, but would then send again what was under way, also a lease
/// that its owner has long ceased to believe in; and it would keep a connection whose other end has
/// vanished without a word. Here a call that fails ends the connection, and the next call makes
/// another.
final class RedisConnection implements AutoCloseable {
    /// For making a connection.
    static final Duration PATIENCE = Duration.ofMillis(950);

    private final String place;
    private final RedisURI address;
    private final RedisClient client;
    private @Nullable CompletableFuture<StatefulRedisConnection<String, String>> current;
    private boolean closed;

    /// @param patience for one call; the client's own bound is never shorter
    RedisConnection(RedisConfig config, Duration patience) {
        this.place = "Redis at " + config.host() + ":" + config.port();
        this.address = address(config, patience.compareTo(PATIENCE) > 0 ? patience : PATIENCE);
        this.client = RedisClient.create(address);
        client.setOptions(
                ClientOptions.builder()
                        .autoReconnect(false)
                        .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                        .socketOptions(SocketOptions.builder().connectTimeout(PATIENCE).build())
                        .build());
    }

    private static RedisURI address(RedisConfig config, Duration patience) {
        RedisURI.Builder address =
                RedisURI.builder()
                        .withHost(config.host())
                        .withPort(config.port())
                        .withSsl(config.tls())
                        .withDatabase(config.database())
                        .withTimeout(patience);
        String user = config.user().orElse("default");
        config.password()
                .map(Secret::reveal)
                .ifPresent(password -> address.withAuthentication(user, password.toCharArray()));
        return address.build();
    }

    /// For messages: where it is, without a secret.
    String place() {
        return place;
    }

    /// The connection there is, or the one that is being made.
    ///
    /// @throws SharedStateException when this is closed
    synchronized CompletableFuture<StatefulRedisConnection<String, String>> connecting() {
        if (closed) {
            throw new SharedStateException("the shared state is closed");
        }
        if (current == null || isDead(current)) {
            current = client.connectAsync(StringCodec.UTF8, address).toCompletableFuture();
        }
        return current;
    }

    /// Several calls may meet the same trouble; one of them ends the connection.
    synchronized void giveUp(StatefulRedisConnection<String, String> connection) {
        if (current != null && !isDead(current) && connection.equals(current.getNow(null))) {
            current = null;
            connection.closeAsync();
        }
    }

    private static boolean isDead(
            CompletableFuture<StatefulRedisConnection<String, String>> connecting) {
        return switch (connecting.state()) {
            case RUNNING -> false;
            case SUCCESS -> !connecting.resultNow().isOpen();
            case FAILED, CANCELLED -> true;
        };
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        client.shutdown(0, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
