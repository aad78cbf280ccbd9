// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.redis;

import io.lettuce.core.ScriptOutputType;
import io.uplion.counters.SharedState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The shared facts of a platform of many processes. It need not be there when a process starts:
/// until it is, every call fails.
///
/// A table is a hash that outlives its last field by nothing; a field's value has its end before
/// it. A lease is a key that holds its owner.
public final class RedisSharedState implements SharedState {
    private static final String TABLE = "uplion:table:";
    private static final String LEASE = "uplion:lease:";

    private final RedisLink redis;

    private RedisSharedState(RedisConfig config) {
        this.redis = new RedisLink(config);
    }

    public static RedisSharedState at(RedisConfig config) {
        return new RedisSharedState(config);
    }

    @Override
    public void putAll(String table, Map<String, String> fields, Duration ttl) {
        List<String> words = new ArrayList<>();
        words.add(millis(ttl));
        fields.forEach(
                (field, value) -> {
                    words.add(field);
                    words.add(value);
                });
        run(RedisScript.PUT, TABLE + table, words);
    }

    @Override
    public void remove(String table, String field) {
        redis.call(commands -> commands.hdel(TABLE + table, field));
    }

    @Override
    public Map<String, String> all(String table) {
        Map<String, String> seen = new TreeMap<>();
        Iterator<String> word = run(RedisScript.ALL, TABLE + table, List.of()).iterator();
        while (word.hasNext()) {
            seen.put(word.next(), word.next());
        }
        return seen;
    }

    @Override
    public boolean lease(String name, String owner, Duration ttl) {
        return !run(RedisScript.LEASE, LEASE + name, List.of(owner, millis(ttl))).isEmpty();
    }

    @Override
    public void release(String name, String owner) {
        run(RedisScript.RELEASE, LEASE + name, List.of(owner));
    }

    private List<String> run(RedisScript script, String key, List<String> words) {
        String[] keys = {key};
        String[] arguments = words.toArray(String[]::new);
        return redis.call(
                commands -> commands.eval(script.text(), ScriptOutputType.MULTI, keys, arguments));
    }

    private static String millis(Duration ttl) {
        if (ttl.toMillis() < 1) {
            throw new IllegalArgumentException("a time to live of " + ttl);
        }
        return Long.toString(ttl.toMillis());
    }

    @Override
    public void close() {
        redis.close();
    }
}
