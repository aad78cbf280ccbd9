// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.uplion.counters.SharedStateException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/// Calls that are waited for, on threads made for it.
final class RedisLink implements AutoCloseable {
    /// For one call with everything it needs, a new connection too.
    private static final Duration PATIENCE = RedisConnection.PATIENCE;

    private final RedisConnection redis;

    RedisLink(RedisConfig config) {
        this.redis = new RedisConnection(config, PATIENCE);
    }

    <T> T call(Function<RedisAsyncCommands<String, String>, ? extends Future<T>> command) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String place = redis.place();
        try {
            StatefulRedisConnection<String, String> connection =
                    await(redis.connecting(), deadline);
            return call(connection, command, deadline);
        } catch (TimeoutException e) {
            throw new SharedStateException(place + " does not answer", e);
        } catch (ExecutionException e) {
            throw new SharedStateException(place + " cannot be asked", e.getCause());
        } catch (RedisException e) {
            throw new SharedStateException(place + " cannot be asked", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SharedStateException("interrupted while asking " + place, e);
        }
    }

    private <T> T call(
            StatefulRedisConnection<String, String> connection,
            Function<RedisAsyncCommands<String, String>, ? extends Future<T>> command,
            long deadline)
            throws TimeoutException, ExecutionException, InterruptedException {
        boolean answered = false;
        try {
            T answer = await(command.apply(connection.async()), deadline);
            answered = true;
            return answer;
        } finally {
            if (!answered) {
                redis.giveUp(connection);
            }
        }
    }

    private static <T> T await(Future<T> future, long deadline)
            throws TimeoutException, ExecutionException, InterruptedException {
        return future.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        redis.close();
    }
}
