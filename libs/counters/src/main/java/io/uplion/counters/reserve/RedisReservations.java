// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

import io.uplion.counters.rate.Standing;
import io.uplion.counters.redis.LuaScript;
import io.uplion.counters.redis.RedisCalls;
import io.uplion.counters.reserve.Reserved.Held;
import io.uplion.counters.reserve.Reserved.Refused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// The reservations of a platform of many processes: each call is one script and one round trip.
public final class RedisReservations implements Reservations {
    private static final LuaScript RESERVE = script("reserve.lua");
    private static final LuaScript RENEW = script("renew.lua");
    private static final LuaScript SETTLE = script("settle.lua");

    private final RedisCalls redis;
    private final String lease;

    /// @param redis stays open: others use it too
    public RedisReservations(RedisCalls redis) {
        this(redis, LEASE);
    }

    RedisReservations(RedisCalls redis, Duration lease) {
        this.redis = redis;
        this.lease = Long.toString(lease.toMillis());
    }

    static LuaScript script(String file) {
        return LuaScript.read(RedisReservations.class, "entries.lua", file);
    }

    @Override
    public CompletionStage<Reserved> reserve(Ask ask) {
        Optional<Reserved.TooLarge> tooLarge = Reserved.TooLarge.of(ask);
        if (tooLarge.isPresent()) {
            return CompletableFuture.completedFuture(tooLarge.get());
        }
        List<String> words = words(ask.task().toString(), Long.toString(ask.tokens()));
        words.add(Long.toString(ask.nanos()));
        for (Subject subject : ask.subjects()) {
            words.add(subject.name());
            words.add(Long.toString(subject.tokensPerMinute().orElse(0)));
            words.add(Long.toString(subject.tasksAtOnce().orElse(0)));
            words.add(period(subject));
            words.add(Long.toString(subject.budget().map(Budget::nanos).orElse(0L)));
        }
        return redis.run(RESERVE, keys(ask), words.toArray(String[]::new))
                .thenApply(answer -> reserved(ask, answer))
                .exceptionally(e -> new Reserved.Unknown(RedisCalls.why(e)));
    }

    private static String period(Subject subject) {
        return subject.budget().map(Budget::period).orElse("");
    }

    private List<String> words(String... more) {
        List<String> words = new ArrayList<>();
        words.add(lease);
        words.addAll(List.of(more));
        return words;
    }

    private static String[] keys(Ask ask) {
        RedisKeys keys = new RedisKeys(ask.account());
        List<String> all = new ArrayList<>(List.of(keys.tasks(), keys.leases()));
        all.add(keys.over(ask.task()));
        ask.subjects().forEach(subject -> all.add(keys.tokens(subject.name())));
        return all.toArray(String[]::new);
    }

    /// What became of it; of which subject, counted from 1; of which limit; for how long; then of
    /// each subject how many tokens remain, when all are there, and whether its budget is not open.
    private static Reserved reserved(Ask ask, List<Object> answer) {
        return switch ((int) number(answer, 0)) {
            case 0 -> new Held(standings(ask, answer));
            case 1 -> refused(ask, answer);
            case 2 -> new Reserved.Over();
            default -> unopened(ask, answer);
        };
    }

    private static Refused refused(Ask ask, List<Object> answer) {
        int index = (int) number(answer, 1) - 1;
        Subject subject = ask.subjects().get(index);
        Limit limit = Limit.valueOf((String) answer.get(2));
        long most =
                switch (limit) {
                    case TOKENS -> subject.tokensPerMinute().orElseThrow();
                    case CONCURRENCY -> subject.tasksAtOnce().orElseThrow();
                    case BUDGET -> subject.budget().orElseThrow().nanos();
                };
        long wait = number(answer, 3);
        Optional<Duration> retryAfter =
                wait < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(wait));
        Optional<Standing> standing = standing(subject, answer, index);
        return new Refused(subject.name(), limit, most, retryAfter, standing);
    }

    private static Reserved unopened(Ask ask, List<Object> answer) {
        List<Counter> unopened = new ArrayList<>();
        for (int i = 0; i < ask.subjects().size(); i++) {
            if (number(answer, 6 + 3 * i) == 1) {
                Subject subject = ask.subjects().get(i);
                unopened.add(new Counter(subject.name(), period(subject)));
            }
        }
        return new Reserved.Unopened(unopened);
    }

    private static List<Standing> standings(Ask ask, List<Object> answer) {
        List<Standing> standings = new ArrayList<>(ask.subjects().size());
        for (int i = 0; i < ask.subjects().size(); i++) {
            standing(ask.subjects().get(i), answer, i).ifPresent(standings::add);
        }
        return standings;
    }

    private static Optional<Standing> standing(Subject subject, List<Object> answer, int i) {
        if (subject.tokensPerMinute().isEmpty()) {
            return Optional.empty();
        }
        long perMinute = subject.tokensPerMinute().getAsLong();
        Duration reset = Duration.ofMillis(number(answer, 5 + 3 * i));
        return Optional.of(
                new Standing(subject.name(), perMinute, number(answer, 4 + 3 * i), reset));
    }

    private static long number(List<Object> answer, int index) {
        return (Long) answer.get(index);
    }

    /// A script for each account: they may stand on different nodes of a cluster.
    @Override
    public CompletionStage<Renewed> renew(List<Ask> running) {
        Map<UUID, List<Ask>> accounts = new LinkedHashMap<>();
        running.forEach(
                ask -> accounts.computeIfAbsent(ask.account(), _ -> new ArrayList<>()).add(ask));
        CompletionStage<Renewed> all =
                CompletableFuture.completedFuture(new Renewed.Done(Set.of()));
        for (Map.Entry<UUID, List<Ask>> account : accounts.entrySet()) {
            all = all.thenCombine(renew(account.getKey(), account.getValue()), Renewed::and);
        }
        return all;
    }

    private CompletionStage<Renewed> renew(UUID account, List<Ask> running) {
        RedisKeys keys = new RedisKeys(account);
        List<String> all = new ArrayList<>(List.of(keys.tasks(), keys.leases()));
        List<String> words = words();
        for (Ask ask : running) {
            all.add(keys.over(ask.task()));
            words.add(ask.task().toString());
            words.add(Long.toString(ask.nanos()));
            words.add(Integer.toString(ask.subjects().size()));
            for (Subject subject : ask.subjects()) {
                words.add(subject.name());
                words.add(period(subject));
            }
        }
        return redis.run(RENEW, all.toArray(String[]::new), words.toArray(String[]::new))
                .thenApply(RedisReservations::renewed)
                .exceptionally(e -> new Renewed.Unknown(RedisCalls.why(e)));
    }

    private static Renewed renewed(List<Object> tasks) {
        Set<UUID> over = new HashSet<>();
        tasks.forEach(task -> over.add(UUID.fromString((String) task)));
        return new Renewed.Done(over);
    }

    @Override
    public CompletionStage<Noted> settle(Ask ask, Used used) {
        List<String> words = words(ask.task().toString(), Long.toString(used.tokens()));
        words.add(Long.toString(Math.min(used.nanos(), ask.nanos())));
        for (Subject subject : ask.subjects()) {
            words.add(subject.name());
            words.add(Long.toString(subject.tokensPerMinute().orElse(0)));
            words.add(period(subject));
        }
        return redis.run(SETTLE, keys(ask), words.toArray(String[]::new))
                .<Noted>thenApply(_ -> new Noted.Done())
                .exceptionally(e -> new Noted.Unknown(RedisCalls.why(e)));
    }

    @Override
    public void close() {
        // The connection belongs to whoever made it.
    }
}
