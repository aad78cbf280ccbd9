// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.rate;

import io.uplion.counters.redis.LuaScript;
import io.uplion.counters.redis.RedisCalls;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// The limits of a platform of many processes. A tick is a microsecond of Redis' clock.
public final class RedisRateLimits implements RateLimits {
    private static final LuaScript TAKE = LuaScript.read(RedisRateLimits.class, "take.lua");

    private final RedisCalls redis;

    /// @param redis stays open: others use it too
    public RedisRateLimits(RedisCalls redis) {
        this.redis = redis;
    }

    @Override
    public CompletionStage<Taken> take(UUID account, List<Bucket> buckets) {
        if (buckets.isEmpty()) {
            return CompletableFuture.completedFuture(new Taken.Let(List.of()));
        }
        String[] keys = new String[buckets.size()];
        String[] words = new String[2 * keys.length];
        for (int i = 0; i < keys.length; i++) {
            Bucket bucket = buckets.get(i);
            keys[i] = "uplion:rate:{" + account + "}:" + bucket.name();
            words[2 * i] = Long.toString(bucket.perMinute());
            words[2 * i + 1] = Long.toString(bucket.burst());
        }
        return redis.run(TAKE, keys, words)
                .thenApply(answer -> taken(buckets, answer))
                .exceptionally(e -> new Taken.Unknown(RedisCalls.why(e)));
    }

    /// Which bucket refuses, counted from 1, or 0; for how long; then of each bucket what remains
    /// and when it is full again.
    private static Taken taken(List<Bucket> buckets, List<Object> answer) {
        int refusing = (int) number(answer, 0);
        if (refusing > 0) {
            Standing standing = standing(buckets, answer, refusing - 1);
            return new Taken.Refused(standing, micros(number(answer, 1)));
        }
        List<Standing> standings = new ArrayList<>(buckets.size());
        for (int i = 0; i < buckets.size(); i++) {
            standings.add(standing(buckets, answer, i));
        }
        return new Taken.Let(standings);
    }

    private static Standing standing(List<Bucket> buckets, List<Object> answer, int i) {
        Bucket bucket = buckets.get(i);
        long remaining = number(answer, 2 + 2 * i);
        Duration reset = micros(number(answer, 3 + 2 * i));
        return new Standing(bucket.name(), bucket.perMinute(), remaining, reset);
    }

    private static long number(List<Object> answer, int index) {
        return (Long) answer.get(index);
    }

    private static Duration micros(long micros) {
        return Duration.of(micros, ChronoUnit.MICROS);
    }

    @Override
    public void close() {
        // The connection belongs to whoever made it.
    }
}
