// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

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

    /// Nobody renews them, and they hold money.
    private final Map<UUID, Entry> lapsed = new LinkedHashMap<>();

    /// Settled, and not billed yet.
    private final Map<UUID, Charge> charges = new HashMap<>();

    /// In the order in which they are forgotten.
    private final LinkedHashMap<UUID, Over> over = new LinkedHashMap<>();

    private final Map<String, Long> atOnce = new HashMap<>();
    private final AccountTokens tokens = new AccountTokens();
    private final AccountMoney money = new AccountMoney();

    /// When billing first saw that tasks are not renewed.
    private final Map<UUID, Long> seen = new HashMap<>();

    /// @param charged how many tokens stand in the buckets for it
    private record Entry(Ask ask, long charged, long chargedAt, long until) {}

    private record Charge(List<Counter> counters, long nanos) {}

    /// @param owed the task's tokens are still to be corrected
    private record Over(long until, Optional<Entry> owed) {}

    AccountTasks(Duration lease) {
        this.lease = lease.toMillis();
    }

    /// @param nodes of which this is one
    void share(int nodes) {
        weight = nodes;
    }

    AccountMoney money() {
        return money;
    }

    Reserved reserve(Ask ask, long now) {
        passTo(now);
        UUID task = ask.task();
        if (isOver(task)) {
            return new Reserved.Over();
        }
        if (running.containsKey(task) || lapsed.containsKey(task)) {
            renew(ask, now);
        } else {
            @Nullable Reserved refused = refusal(ask, now);
            if (refused != null) {
                return refused;
            }
            tokens.charge(ask, ask.tokens() * weight, now);
            hold(new Entry(ask, ask.tokens() * weight, now, now + lease));
        }
        return new Held(tokens.standings(ask, weight, now));
    }

    private @Nullable Reserved refusal(Ask ask, long now) {
        List<Refused> refusals = new ArrayList<>(0);
        for (Subject subject : ask.subjects()) {
            long most = subject.tasksAtOnce().orElse(Long.MAX_VALUE);
            if (atOnce.getOrDefault(subject.name(), 0L) >= Math.max(1, most / weight)) {
                Optional<Duration> soon = Optional.of(SOON);
                refusals.add(refused(subject, Limit.CONCURRENCY, most, soon, now));
            }
            long wait = tokens.wait(subject, ask.tokens() * weight, now);
            if (wait > 0) {
                long perMinute = subject.tokensPerMinute().orElseThrow();
                Optional<Duration> known = Optional.of(Duration.ofMillis(wait));
                refusals.add(refused(subject, Limit.TOKENS, perMinute, known, now));
            }
            subject.budget()
                    .flatMap(budget -> broke(subject, budget, ask.nanos(), now))
                    .ifPresent(refusals::add);
        }
        if (!refusals.isEmpty()) {
            return Refusals.longest(refusals);
        }
        List<Counter> unknown =
                ask.counters().stream().filter(counter -> !money.isOpen(counter)).toList();
        return unknown.isEmpty() ? null : new Reserved.Unopened(unknown);
    }

    private Optional<Refused> broke(Subject subject, Budget budget, long nanos, long now) {
        Counter counter = new Counter(subject.name(), budget.period());
        long unspent = money.unspent(counter, budget.nanos());
        if (!money.isOpen(counter) || nanos <= unspent - money.held(counter)) {
            return Optional.empty();
        }
        Optional<Duration> retryAfter = nanos <= unspent ? Optional.of(SOON) : Optional.empty();
        return Optional.of(refused(subject, Limit.BUDGET, budget.nanos(), retryAfter, now));
    }

    private Refused refused(
            Subject subject, Limit limit, long most, Optional<Duration> retryAfter, long now) {
        return new Refused(
                subject.name(), limit, most, retryAfter, tokens.standing(subject, weight, now));
    }

    private boolean isOver(UUID task) {
        return over.containsKey(task) || charges.containsKey(task);
    }

    private void hold(Entry entry) {
        run(entry);
        money.hold(entry.ask().counters(), entry.ask().nanos());
    }

    private void run(Entry entry) {
        running.put(entry.ask().task(), entry);
        entry.ask().subjects().forEach(subject -> atOnce.merge(subject.name(), 1L, Long::sum));
    }

    private void stop(Entry entry) {
        for (Subject subject : entry.ask().subjects()) {
            atOnce.computeIfPresent(subject.name(), (_, count) -> count > 1 ? count - 1 : null);
        }
    }

    /// Takes a task out, with all that it holds.
    private @Nullable Entry free(UUID task) {
        @Nullable Entry entry = running.remove(task);
        if (entry == null) {
            entry = lapsed.remove(task);
        } else {
            stop(entry);
        }
        if (entry != null) {
            money.hold(entry.ask().counters(), -entry.ask().nanos());
        }
        seen.remove(task);
        return entry;
    }

    /// @return whether it goes on
    boolean renew(Ask ask, long now) {
        passTo(now);
        UUID task = ask.task();
        if (isOver(task)) {
            return false;
        }
        seen.remove(task);
        @Nullable Entry held = running.remove(task);
        @Nullable Entry late = lapsed.remove(task);
        if (held != null) {
            running.put(task, new Entry(ask, held.charged(), held.chargedAt(), now + lease));
        } else if (late != null) {
            run(new Entry(ask, late.charged(), late.chargedAt(), now + lease));
        } else {
            hold(new Entry(ask, 0, now, now + lease));
        }
        return true;
    }

    void settle(Ask ask, Used used, long now) {
        passTo(now);
        UUID task = ask.task();
        @Nullable Over known = over.get(task);
        if (charges.containsKey(task) || (known != null && known.owed().isEmpty())) {
            return;
        }
        @Nullable Entry held = known == null ? free(task) : known.owed().orElse(null);
        long charged = held == null ? 0 : held.charged();
        long chargedAt = held == null ? now : held.chargedAt();
        tokens.correct(ask, charged, chargedAt, used.tokens() * weight, now);
        Charge charge = new Charge(ask.counters(), Math.min(used.nanos(), ask.nanos()));
        if (known == null && charge.nanos() > 0 && isOwed(charge, held)) {
            charges.put(task, charge);
            money.hold(charge.counters(), charge.nanos());
        } else {
            over.put(task, new Over(now + 2 * lease, Optional.empty()));
        }
    }

    /// What a task owes that nobody knew of: only if it is not in what was opened later.
    private boolean isOwed(Charge charge, @Nullable Entry held) {
        return held == null
                ? charge.counters().stream().anyMatch(money::isOpen)
                : !charge.counters().isEmpty();
    }

    /// Takes away what a task holds or owes: it is in what is spent now.
    void billed(UUID task, long now) {
        passTo(now);
        @Nullable Charge charge = charges.remove(task);
        if (charge != null) {
            money.hold(charge.counters(), -charge.nanos());
        }
        @Nullable Entry held = free(task);
        if (!over.containsKey(task)) {
            over.put(task, new Over(now + 2 * lease, Optional.ofNullable(held)));
        }
    }

    List<Expired> overdue(long now) {
        passTo(now);
        for (Entry entry : running.values()) {
            if (entry.until() > now + lease / 3) {
                break;
            }
            seen.putIfAbsent(entry.ask().task(), now);
        }
        List<Expired> found = new ArrayList<>();
        for (Map.Entry<UUID, Entry> entry : lapsed.entrySet()) {
            seen.putIfAbsent(entry.getKey(), now);
            if (isOverdue(entry.getKey(), now)) {
                Duration unrenewed = Duration.ofMillis(now - entry.getValue().until() + lease);
                found.add(new Expired(entry.getKey(), unrenewed));
            }
        }
        return found;
    }

    private boolean isOverdue(UUID task, long now) {
        @Nullable Long first = seen.get(task);
        return lapsed.containsKey(task) && first != null && first + lease / 3 <= now;
    }

    void release(UUID task, long now) {
        passTo(now);
        if (isOverdue(task, now)) {
            free(task);
            over.put(task, new Over(now + 2 * lease, Optional.empty()));
        }
    }

    /// Whether there is a task that is not over.
    boolean isHolding() {
        return !running.isEmpty() || !lapsed.isEmpty();
    }

    /// Frees what has not been renewed, but for money, and forgets what need not be remembered.
    private void passTo(long now) {
        Iterator<Entry> entries = running.values().iterator();
        while (entries.hasNext()) {
            Entry oldest = entries.next();
            if (oldest.until() > now) {
                break;
            }
            entries.remove();
            stop(oldest);
            if (!oldest.ask().counters().isEmpty()) {
                lapsed.put(oldest.ask().task(), oldest);
            }
        }
        Iterator<Over> ends = over.values().iterator();
        while (ends.hasNext() && ends.next().until() <= now) {
            ends.remove();
        }
    }

    /// Forgets what is as if it had never been.
    boolean isEmptyAt(long now) {
        passTo(now);
        boolean isIdle = running.isEmpty() && lapsed.isEmpty() && over.isEmpty();
        return tokens.isEmptyAt(now) && isIdle && money.isEmpty();
    }
}
