// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisLoadingException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisReadOnlyException;
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
import java.util.function.Function;

/// Scripts that run in Redis while nobody waits for them: for the path of every request. One
/// connection serves all callers, so that what many ask at once goes out together.
///
/// While Redis is away or slow calls fail at once. A call that fails may still have been done;
/// whoever asks must bear that.
public final class RedisCalls implements AutoCloseable {
    /// For one call, where the path of a request waits for it.
    public static final Duration PATIENCE = Duration.ofMillis(200);

    private final RedisConnection redis;
    private final Duration patience;
    private final Breaker breaker;

    private RedisCalls(RedisConfig config, Duration patience) {
        this.redis = new RedisConnection(config, patience);
        this.patience = patience;
        this.breaker = new Breaker(redis.place(), this::probe);
    }

    /// @param patience for one call; the connection that it needs may take longer to make, and is
    ///   there for a later one
    public static RedisCalls at(RedisConfig config, Duration patience) {
        return new RedisCalls(config, patience);
    }

    /// Whether calls fail at once, because the last ones were in vain.
    public boolean isAway() {
        return breaker.isOpen();
    }

    /// Something to do each time Redis is back after it was away; it may have forgotten everything.
    /// It must not block.
    public void whenBack(Runnable action) {
        breaker.whenBack(action);
    }

    /// Never blocks and never throws. What follows must not block either: it is done on the
    /// client's thread.
    ///
    /// @return what the script answers, or a [SharedStateException]
    public CompletionStage<List<Object>> run(LuaScript script, String[] keys, String... words) {
        if (breaker.isOpen()) {
            return CompletableFuture.failedFuture(
                    new SharedStateException(redis.place() + " is away"));
        }
        return ask(commands -> run(commands, script, keys, words));
    }

    /// In words, why a call failed.
    public static String why(Throwable e) {
        return String.valueOf(cause(e).getMessage());
    }

    private CompletionStage<String> probe() {
        return ask(RedisAsyncCommands::ping);
    }

    private <T> CompletionStage<T> ask(
            Function<RedisAsyncCommands<String, String>, CompletionStage<T>> command) {
        CompletableFuture<StatefulRedisConnection<String, String>> connecting;
        try {
            connecting = redis.connecting();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(translated(e));
        }
        return inTime(connecting.copy())
                .thenCompose(connection -> ask(connection, command))
                .exceptionallyCompose(e -> failed(e));
    }

    private <T> CompletableFuture<T> ask(
            StatefulRedisConnection<String, String> connection,
            Function<RedisAsyncCommands<String, String>, CompletionStage<T>> command) {
        return inTime(command.apply(connection.async()).toCompletableFuture())
                .whenComplete(
                        (_, e) -> {
                            if (e != null && isTrouble(cause(e))) {
                                redis.giveUp(connection);
                            }
                        });
    }

    private static CompletionStage<List<Object>> run(
            RedisAsyncCommands<String, String> commands,
            LuaScript script,
            String[] keys,
            String... words) {
        return commands.<List<Object>>evalsha(script.sha1(), ScriptOutputType.MULTI, keys, words)
                .exceptionallyCompose(e -> unknown(e, commands, script, keys, words));
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

    private <T> CompletionStage<T> failed(Throwable e) {
        SharedStateException translated = translated(e);
        if (isTrouble(cause(e))) {
            breaker.trouble(translated);
        }
        return CompletableFuture.failedFuture(translated);
    }

    /// Whether it is Redis that is in trouble, and not one call: an error that it answers with is
    /// none, unless it is about itself.
    private static boolean isTrouble(Throwable cause) {
        return switch (cause) {
            case RedisReadOnlyException _ -> true;
            case RedisLoadingException _ -> true;
            case RedisCommandExecutionException _ -> false;
            case Throwable _ -> true;
        };
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
        breaker.close();
        redis.close();
    }
}
