// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.idempotency;

import io.uplion.counters.redis.LuaScript;
import io.uplion.counters.redis.RedisCalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/// What the gateways of a platform remember together. An answer is packed and unpacked on a thread
/// of its own: it may have a megabyte.
public final class RedisIdempotency implements IdempotencyStore {
    private static final LuaScript CLAIM = script("claim.lua");
    private static final LuaScript LOOK = script("look.lua");
    private static final LuaScript RENEW = script("renew.lua");
    private static final LuaScript END = script("end.lua");

    private final RedisCalls redis;
    private final Times times;
    private final ExecutorService packers = Executors.newVirtualThreadPerTaskExecutor();

    /// @param redis stays open: others may use it too
    public RedisIdempotency(RedisCalls redis) {
        this(redis, Times.DEFAULT);
    }

    RedisIdempotency(RedisCalls redis, Times times) {
        this.redis = redis;
        this.times = times;
    }

    private static LuaScript script(String file) {
        return LuaScript.read(RedisIdempotency.class, "entry.lua", file);
    }

    private static String[] keys(Asked asked) {
        return new String[] {"uplion:idempotency:{" + asked.name() + "}"};
    }

    private static String millis(Duration time) {
        return Long.toString(time.toMillis());
    }

    @Override
    public CompletionStage<Claimed> claim(Claim claim) {
        return redis.run(
                        CLAIM,
                        keys(claim.asked()),
                        claim.asked().print(),
                        claim.token().toString(),
                        millis(times.lease()))
                .thenCompose(answer -> unpacked(answer, RedisIdempotency::claimed))
                .exceptionally(e -> new Seen.Unknown(RedisCalls.why(e)));
    }

    private static Claimed claimed(List<Object> answer) {
        return switch (word(answer, 0)) {
            case "mine" -> new Claimed.Mine();
            case "running" -> new Seen.Running();
            case "other" -> new Claimed.OtherBody();
            default -> new Seen.Ended(outcome(answer));
        };
    }

    @Override
    public CompletionStage<Seen> look(Asked asked) {
        return redis.run(LOOK, keys(asked), asked.print())
                .thenCompose(answer -> unpacked(answer, RedisIdempotency::seen))
                .exceptionally(e -> new Seen.Unknown(RedisCalls.why(e)));
    }

    private static Seen seen(List<Object> answer) {
        return switch (word(answer, 0)) {
            case "gone" -> new Seen.Gone();
            case "running" -> new Seen.Running();
            default -> new Seen.Ended(outcome(answer));
        };
    }

    private static Outcome outcome(List<Object> answer) {
        byte[] packed = Base64.getDecoder().decode(word(answer, 1));
        try {
            return OutcomeBytes.read(Packed.unpack(packed));
        } catch (IOException e) {
            throw new UncheckedIOException("what Redis has kept cannot be read", e);
        }
    }

    private static String packed(Outcome outcome) {
        return Base64.getEncoder().encodeToString(Packed.pack(OutcomeBytes.write(outcome)));
    }

    private static String word(List<Object> answer, int index) {
        return (String) answer.get(index);
    }

    /// The connection's own thread must not unpack.
    private <T> CompletionStage<T> unpacked(List<Object> answer, Function<List<Object>, T> read) {
        CompletableFuture<List<Object>> known = CompletableFuture.completedFuture(answer);
        return answer.size() > 1 ? known.thenApplyAsync(read, packers) : known.thenApply(read);
    }

    @Override
    public CompletionStage<Noted> renew(Claim claim) {
        return redis.run(
                        RENEW,
                        keys(claim.asked()),
                        claim.asked().print(),
                        claim.token().toString(),
                        millis(times.lease()))
                .<Noted>thenApply(_ -> new Noted.Done())
                .exceptionally(e -> new Noted.Unknown(RedisCalls.why(e)));
    }

    @Override
    public CompletionStage<Noted> end(Claim claim, Outcome outcome) {
        return CompletableFuture.supplyAsync(() -> packed(outcome), packers)
                .thenCompose(packed -> end(claim, outcome.isKept(), packed))
                .<Noted>thenApply(_ -> new Noted.Done())
                .exceptionally(e -> new Noted.Unknown(RedisCalls.why(e)));
    }

    private CompletionStage<List<Object>> end(Claim claim, boolean kept, String packed) {
        return redis.run(
                END,
                keys(claim.asked()),
                claim.asked().print(),
                claim.token().toString(),
                packed,
                kept ? "kept" : "told",
                millis(kept ? times.kept() : times.told()));
    }

    @Override
    public void close() {
        // The connection belongs to whoever made it.
        packers.close();
    }
}
