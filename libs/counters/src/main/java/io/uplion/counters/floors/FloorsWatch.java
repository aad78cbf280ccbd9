// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.floors;

import io.uplion.counters.Rounds;
import io.uplion.counters.SharedStateException;
import io.uplion.platform.identity.Subject;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads the floors twice a second and remembers them: a store that goes away or begins anew takes
/// no floor back that this process has seen.
public final class FloorsWatch implements KnownFloors, AutoCloseable {
    private static final Duration EACH = Duration.ofMillis(500);

    /// After this a reading says nothing of now.
    private static final Duration READING = Duration.ofSeconds(2);

    private final Floors floors;
    private volatile Consumer<Set<Subject>> ended;
    private final LongSupplier nanoTime;
    private final ConcurrentMap<Subject, Seen> known = new ConcurrentHashMap<>();
    private Reading.Mark mark = Reading.Mark.START;
    private volatile Vouch vouch = new Vouch(false, 0);
    private @Nullable Rounds rounds;

    private record Seen(long version, boolean ended, long at) {}

    /// @param at when the reading began
    private record Vouch(boolean given, long at) {}

    private FloorsWatch(Floors floors, Consumer<Set<Subject>> ended, LongSupplier nanoTime) {
        this.floors = floors;
        this.ended = ended;
        this.nanoTime = nanoTime;
    }

    /// For whoever decides about requests.
    public static FloorsWatch start(Floors floors) {
        return start(floors, _ -> {});
    }

    /// For whoever runs tasks.
    ///
    /// @param ended gets, after each reading, all who have been revoked or switched off in the last
    ///   hour and were not switched on since, the same ones again and again: what they run is to be
    ///   stopped. On a thread of its own; it may block for a moment
    public static FloorsWatch start(Floors floors, Consumer<Set<Subject>> ended) {
        FloorsWatch watch = new FloorsWatch(floors, ended, System::nanoTime);
        watch.rounds = Rounds.start("floors", EACH, watch::look);
        return watch;
    }

    /// For whoever runs tasks and is there only now: as with [#start(Floors, Consumer)], from the
    /// next reading on, instead of whoever was told until then.
    public void tell(Consumer<Set<Subject>> listener) {
        ended = listener;
    }

    /// One that looks only when it is told to.
    static FloorsWatch idle(Floors floors, Consumer<Set<Subject>> ended, LongSupplier nanoTime) {
        return new FloorsWatch(floors, ended, nanoTime);
    }

    void look() {
        long now = nanoTime.getAsLong();
        try {
            Reading reading = floors.read(mark);
            reading.floors().forEach(floor -> remember(floor, now));
            mark = reading.next();
            vouch = new Vouch(reading.vouched(), now);
        } catch (SharedStateException e) {
            vouch = new Vouch(false, now);
            throw e;
        } finally {
            known.values().removeIf(seen -> now - seen.at() > Floors.LIFE.toNanos());
            tell();
        }
    }

    private void remember(Floor floor, long now) {
        known.merge(
                floor.subject(),
                new Seen(floor.version(), floor.ended(), now),
                (before, after) -> before.version() < after.version() ? after : before);
    }

    private void tell() {
        Set<Subject> all =
                known.entrySet().stream()
                        .filter(entry -> entry.getValue().ended())
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toUnmodifiableSet());
        if (!all.isEmpty()) {
            ended.accept(all);
        }
    }

    @Override
    public long floor(Subject subject) {
        Seen seen = known.get(subject);
        return seen == null ? 0 : seen.version();
    }

    @Override
    public boolean hasEnded(Subject subject) {
        Seen seen = known.get(subject);
        return seen != null && seen.ended();
    }

    @Override
    public boolean isVouched() {
        Vouch last = vouch;
        return last.given() && nanoTime.getAsLong() - last.at() < READING.toNanos();
    }

    /// Does not close the floors.
    @Override
    public void close() {
        if (rounds != null) {
            rounds.close();
        }
    }
}
