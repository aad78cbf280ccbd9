// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.redis;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.uplion.counters.SharedStateException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Scripts that run in Redis while nobody waits for them: for the path of every request. One
/// connection serves all callers, so that what many ask at once goes out together.
///
/// A call that is given up may still have been done. Whoever asks must bear that.
public final class RedisCalls implements AutoCloseable {
    private final RedisConnection redis;
    private final Duration patience;

    private RedisCalls(RedisConfig config, Duration patience) {
        this.redis = new RedisConnection(config, patience);
        this.patience = patience;
    }

    /// @param patience for one call; the connection that it needs may take longer to make, and is
    ///   there for a later one
    public static RedisCalls at(RedisConfig config, Duration patience) {
        return new RedisCalls(config, patience);
    }

    /// Never blocks and never throws. What follows must not block either: it is done on the
    /// client's thread.
    ///
    /// @return what the script answers, or a [SharedStateException]
    public CompletionStage<List<Object>> run(LuaScript script, String[] keys, String... words) {
        CompletableFuture<StatefulRedisConnection<String, String>> connecting;
        try {
            connecting = redis.connecting();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(translated(e));
        }
        return inTime(connecting.copy())
                .thenCompose(connection -> run(connection, script, keys, words))
                .exceptionallyCompose(e -> CompletableFuture.failedFuture(translated(e)));
    }

    private CompletableFuture<List<Object>> run(
            StatefulRedisConnection<String, String> connection,
            LuaScript script,
            String[] keys,
            String... words) {
        RedisAsyncCommands<String, String> commands = connection.async();
        CompletableFuture<List<Object>> answer =
                commands.<List<Object>>evalsha(script.sha1(), ScriptOutputType.MULTI, keys, words)
                        .toCompletableFuture()
                        .exceptionallyCompose(e -> unknown(e, commands, script, keys, words));
        return inTime(answer)
                .whenComplete(
                        (_, e) -> {
                            if (e != null) {
                                redis.giveUp(connection);
                            }
                        });
    }

    /// A store that has just begun anew knows no script: it gets the text.
    private static CompletionStage<List<Object>> unknown(
            Throwable e,
            RedisAsyncCommands<String, String> commands,
            LuaScript script,
            String[] keys,
            String... words) {
        return cause(e) instanceof RedisNoScriptException
                ? commands.eval(script.text(), ScriptOutputType.MULTI, keys, words)
                : CompletableFuture.failedFuture(e);
    }

    private <T> CompletableFuture<T> inTime(CompletableFuture<T> call) {
        return call.isDone() ? call : call.orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private SharedStateException translated(Throwable e) {
        return switch (cause(e)) {
            case SharedStateException known -> known;
            case TimeoutException late ->
                    new SharedStateException(redis.place() + " does not answer", late);
            case Throwable other ->
                    new SharedStateException(redis.place() + " cannot be asked", other);
        };
    }

    private static Throwable cause(Throwable e) {
        return e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
    }

    @Override
    public void close() {
        redis.close();
    }
}
