// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

import io.uplion.counters.rate.Standing;
import io.uplion.counters.reserve.Reserved.Held;
import io.uplion.counters.reserve.Reserved.Refused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What the tasks of one account hold. For one thread at a time; times are milliseconds.
final class AccountTasks {
    /// When a task ends nobody knows; so soon it is worth another try.
    static final Duration SOON = Duration.ofSeconds(1);

    private final long lease;

    /// How many nodes there are that do not hear of each other: what a task needs weighs as much as
    /// one on each of them. After a rest one is held whatever its weight.
    private long weight = 1;

    /// In the order of their renewal, which is that of their end.
    private final LinkedHashMap<UUID, Entry> running = new LinkedHashMap<>();

    /// Tasks that are over, and until when that is remembered, which is their order.
    private final LinkedHashMap<UUID, Long> over = new LinkedHashMap<>();

    private final Map<String, Long> atOnce = new HashMap<>();
    private final Map<String, Tokens> tokens = new HashMap<>();

    /// @param charged how many tokens stand in the buckets for it
    private record Entry(Ask ask, long charged, long chargedAt, long until) {
        Entry renewed(long end) {
            return new Entry(ask, charged, chargedAt, end);
        }
    }

    /// @param perMinute the limit it was drained by last
    private record Tokens(TokenBucket bucket, long perMinute) {}

    AccountTasks(Duration lease) {
        this.lease = lease.toMillis();
    }

    /// @param nodes of which this is one
    void share(int nodes) {
        weight = nodes;
    }

    Reserved reserve(Ask ask, long now) {
        passTo(now);
        if (over.containsKey(ask.task())) {
            return new Reserved.Over();
        }
        if (!running.containsKey(ask.task())) {
            @Nullable Refused refused = refusal(ask, now);
            if (refused != null) {
                return refused;
            }
            charge(ask, now);
            hold(new Entry(ask, ask.tokens() * weight, now, now + lease));
        }
        return new Held(standings(ask, now));
    }

    private @Nullable Refused refusal(Ask ask, long now) {
        @Nullable Refused longest = null;
        for (Subject subject : ask.subjects()) {
            for (Refused refused : refusals(subject, ask, now)) {
                if (longest == null || refused.retryAfter().compareTo(longest.retryAfter()) > 0) {
                    longest = refused;
                }
            }
        }
        return longest;
    }

    private List<Refused> refusals(Subject subject, Ask ask, long now) {
        List<Refused> found = new ArrayList<>(0);
        long most = subject.tasksAtOnce().orElse(Long.MAX_VALUE);
        if (atOnce.getOrDefault(subject.name(), 0L) >= Math.max(1, most / weight)) {
            found.add(refused(subject, Limit.CONCURRENCY, most, SOON, now));
        }
        if (subject.tokensPerMinute().isPresent()) {
            long perMinute = subject.tokensPerMinute().getAsLong();
            long wait = bucket(subject, now).wait(ask.tokens() * weight, perMinute);
            if (wait > 0) {
                Duration retryAfter = Duration.ofMillis(wait);
                found.add(refused(subject, Limit.TOKENS, perMinute, retryAfter, now));
            }
        }
        return found;
    }

    private Refused refused(
            Subject subject, Limit limit, long most, Duration retryAfter, long now) {
        return new Refused(subject.name(), limit, most, retryAfter, standing(subject, now));
    }

    private void charge(Ask ask, long now) {
        for (Subject subject : ask.subjects()) {
            if (subject.tokensPerMinute().isPresent()) {
                put(subject, bucket(subject, now).plus(ask.tokens() * weight));
            }
        }
    }

    private TokenBucket bucket(Subject subject, long now) {
        @Nullable Tokens held = tokens.get(subject.name());
        TokenBucket bucket = held == null ? TokenBucket.EMPTY : held.bucket();
        return bucket.at(now, subject.tokensPerMinute().orElseThrow());
    }

    private void put(Subject subject, TokenBucket bucket) {
        long perMinute = subject.tokensPerMinute().orElseThrow();
        tokens.put(subject.name(), new Tokens(bucket, perMinute));
    }

    private Optional<Standing> standing(Subject subject, long now) {
        return subject.tokensPerMinute().isEmpty()
                ? Optional.empty()
                : Optional.of(
                        bucket(subject, now)
                                .standing(
                                        subject.name(),
                                        subject.tokensPerMinute().getAsLong(),
                                        weight));
    }

    private List<Standing> standings(Ask ask, long now) {
        List<Standing> standings = new ArrayList<>(ask.subjects().size());
        for (Subject subject : ask.subjects()) {
            standing(subject, now).ifPresent(standings::add);
        }
        return standings;
    }

    private void hold(Entry entry) {
        running.put(entry.ask().task(), entry);
        entry.ask().subjects().forEach(subject -> atOnce.merge(subject.name(), 1L, Long::sum));
    }

    private void free(Entry entry) {
        for (Subject subject : entry.ask().subjects()) {
            atOnce.computeIfPresent(subject.name(), (_, count) -> count > 1 ? count - 1 : null);
        }
    }

    /// @return whether it goes on
    boolean renew(Ask ask, long now) {
        passTo(now);
        if (over.containsKey(ask.task())) {
            return false;
        }
        @Nullable Entry held = running.remove(ask.task());
        if (held == null) {
            hold(new Entry(ask, 0, now, now + lease));
        } else {
            running.put(ask.task(), held.renewed(now + lease));
        }
        return true;
    }

    void settle(Ask ask, Used used, long now) {
        passTo(now);
        if (over.containsKey(ask.task())) {
            return;
        }
        @Nullable Entry held = running.remove(ask.task());
        if (held != null) {
            free(held);
        }
        long charged = held == null ? 0 : held.charged();
        long chargedAt = held == null ? now : held.chargedAt();
        for (Subject subject : ask.subjects()) {
            if (subject.tokensPerMinute().isPresent()) {
                TokenBucket bucket = bucket(subject, now);
                put(subject, bucket.corrected(charged, used.tokens() * weight, chargedAt));
            }
        }
        over.put(ask.task(), now + 2 * lease);
    }

    /// Frees what has not been renewed, and forgets what need not be remembered.
    private void passTo(long now) {
        Iterator<Entry> entries = running.values().iterator();
        while (entries.hasNext()) {
            Entry oldest = entries.next();
            if (oldest.until() > now) {
                break;
            }
            entries.remove();
            free(oldest);
        }
        Iterator<Long> ends = over.values().iterator();
        while (ends.hasNext() && ends.next() <= now) {
            ends.remove();
        }
    }

    /// Forgets what is as if it had never been.
    boolean isEmptyAt(long now) {
        passTo(now);
        tokens.values()
                .removeIf(held -> held.bucket().at(now, held.perMinute()).level().units() == 0);
        return running.isEmpty() && over.isEmpty() && tokens.isEmpty();
    }
}
