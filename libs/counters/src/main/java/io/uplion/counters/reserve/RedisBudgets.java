// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

import io.uplion.counters.redis.LuaScript;
import io.uplion.counters.redis.RedisCalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// What billing tells the Redis of [RedisReservations].
public final class RedisBudgets implements Budgets {
    private static final LuaScript SPENT = RedisReservations.script("spent.lua");
    private static final LuaScript FORGET = RedisReservations.script("forget.lua");
    private static final LuaScript OVERDUE = RedisReservations.script("overdue.lua");
    private static final LuaScript RELEASE = RedisReservations.script("release.lua");

    private static final LuaScript HOLDERS = alone("holders.lua");
    private static final LuaScript BOOKS = alone("books.lua");
    private static final LuaScript INCARNATION = alone("incarnation.lua");
    private static final String STORE = "uplion:store";
    private static final String FIRST = "0";
    private static final int KIND = "s:".length();

    private final RedisCalls redis;
    private final String lease;

    /// @param redis stays open: others use it too
    public RedisBudgets(RedisCalls redis) {
        this(redis, Reservations.LEASE);
    }

    RedisBudgets(RedisCalls redis, Duration lease) {
        this.redis = redis;
        this.lease = Long.toString(lease.toMillis());
    }

    private static LuaScript alone(String file) {
        return LuaScript.read(RedisBudgets.class, file);
    }

    @Override
    public CompletionStage<Noted> open(UUID account, Counter counter, Spent spent) {
        return spent("open", account, Map.of(counter, spent), List.of());
    }

    @Override
    public CompletionStage<Noted> billed(
            UUID account, Map<Counter, Spent> spent, List<UUID> tasks) {
        return spent("billed", account, spent, tasks);
    }

    private CompletionStage<Noted> spent(
            String what, UUID account, Map<Counter, Spent> spent, List<UUID> tasks) {
        List<String> words = new ArrayList<>(List.of(lease, what));
        tasks.forEach(task -> words.add(task.toString()));
        spent.forEach(
                (counter, amount) -> {
                    words.add(field(counter));
                    words.add(Long.toString(Math.min(amount.nanos(), Budget.MOST)));
                    words.add(Long.toString(amount.version()));
                });
        return note(SPENT, account, tasks, words);
    }

    private static String field(Counter counter) {
        return counter.subject() + "\n" + counter.period();
    }

    @Override
    public CompletionStage<Noted> forget(UUID account, Counter counter) {
        return note(FORGET, account, List.of(), List.of(lease, field(counter)));
    }

    @Override
    public CompletionStage<Overdue> overdue(UUID account) {
        return redis.run(OVERDUE, keys(account, List.of()), lease)
                .<Overdue>thenApply(answer -> new Overdue.Found(expired(answer)))
                .exceptionally(e -> new Overdue.Unknown(RedisCalls.why(e)));
    }

    private static List<Expired> expired(List<Object> answer) {
        List<Expired> found = new ArrayList<>();
        for (int i = 0; i < answer.size(); i += 2) {
            UUID task = UUID.fromString((String) answer.get(i));
            found.add(new Expired(task, Duration.ofMillis((Long) answer.get(i + 1))));
        }
        return found;
    }

    @Override
    public CompletionStage<Noted> release(UUID account, List<UUID> tasks) {
        List<String> words = new ArrayList<>(List.of(lease));
        tasks.forEach(task -> words.add(task.toString()));
        return note(RELEASE, account, tasks, words);
    }

    @Override
    public CompletionStage<Holders> holders() {
        return holders(FIRST, new HashSet<>())
                .<Holders>thenApply(Holders.Found::new)
                .exceptionally(e -> new Holders.Unknown(RedisCalls.why(e)));
    }

    /// A step at a time: others are served in between.
    private CompletionStage<Set<UUID>> holders(String cursor, Set<UUID> found) {
        return redis.run(HOLDERS, new String[0], cursor)
                .thenCompose(
                        answer -> {
                            answer.stream()
                                    .skip(1)
                                    .map(key -> RedisKeys.ofLeases((String) key).account())
                                    .forEach(found::add);
                            String next = (String) answer.getFirst();
                            return next.equals(FIRST)
                                    ? CompletableFuture.completedFuture(found)
                                    : holders(next, found);
                        });
    }

    @Override
    public CompletionStage<Books> books(UUID account) {
        return redis.run(BOOKS, new String[] {new RedisKeys(account).tasks()})
                .<Books>thenApply(answer -> new Books.Found(counters(answer)))
                .exceptionally(e -> new Books.Unknown(RedisCalls.why(e)));
    }

    private static Map<Counter, Book> counters(List<Object> answer) {
        Map<Counter, Spent> spent = new HashMap<>();
        Map<Counter, Long> held = new HashMap<>();
        for (int i = 0; i < answer.size(); i += 2) {
            String field = (String) answer.get(i);
            String value = (String) answer.get(i + 1);
            String[] counter = field.substring(KIND).split("\n", 2);
            Counter its = new Counter(counter[0], counter[1]);
            if (field.startsWith("s:")) {
                String[] lines = value.split("\n", -1);
                spent.put(its, new Spent(Long.parseLong(lines[0]), Long.parseLong(lines[1])));
            } else {
                held.put(its, Long.parseLong(value));
            }
        }
        return AccountMoney.books(spent, held);
    }

    @Override
    public CompletionStage<Incarnation> incarnation(String offered) {
        return redis.run(INCARNATION, new String[] {STORE}, offered)
                .<Incarnation>thenApply(answer -> new Incarnation.Known((String) answer.getFirst()))
                .exceptionally(e -> new Incarnation.Unknown(RedisCalls.why(e)));
    }

    private CompletionStage<Noted> note(
            LuaScript script, UUID account, List<UUID> tasks, List<String> words) {
        return redis.run(script, keys(account, tasks), words.toArray(String[]::new))
                .<Noted>thenApply(_ -> new Noted.Done())
                .exceptionally(e -> new Noted.Unknown(RedisCalls.why(e)));
    }

    private static String[] keys(UUID account, List<UUID> tasks) {
        RedisKeys keys = new RedisKeys(account);
        List<String> all = new ArrayList<>(List.of(keys.tasks(), keys.leases()));
        tasks.forEach(task -> all.add(keys.over(task)));
        return all.toArray(String[]::new);
    }
}
