// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.intake;

import io.uplion.queue.journal.UsageLine;
import io.uplion.queue.journal.UsageTail;
import io.uplion.queue.journal.UsageTail.Place;
import io.uplion.task.UsageRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The journal of a platform that is one process. How far it was billed stands in a file beside it;
/// what was billed and is old enough is deleted.
public final class JournalSource implements UsageSource {
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration CLEANING = Duration.ofMinutes(1);

    private final UsageTail tail;
    private final Bounds bounds;
    private final Duration keep;
    private final Clock clock;
    private final CountDownLatch closing = new CountDownLatch(1);
    private long marks;
    private Instant cleaned = Instant.MIN;

    private JournalSource(UsageTail tail, Bounds bounds, Duration keep, Clock clock) {
        this.tail = tail;
        this.bounds = bounds;
        this.keep = keep;
        this.clock = clock;
    }

    /// To be opened before anything is written to the journal.
    ///
    /// @param keep a segment that is billed stays for so long after it was last written to
    public static JournalSource open(Path directory, Bounds bounds, Duration keep, Clock clock)
            throws IOException {
        return new JournalSource(UsageTail.open(directory), bounds, keep, clock);
    }

    @Override
    public UsageBatch take() throws InterruptedException {
        int most = bounds.records();
        long end = System.nanoTime() + bounds.time().toNanos();
        List<byte[]> lines = new ArrayList<>(read(most));
        while (lines.size() < most && System.nanoTime() < end && pause()) {
            lines.addAll(read(most - lines.size()));
        }
        return batch(lines);
    }

    private List<byte[]> read(int most) {
        try {
            return tail.read(most);
        } catch (IOException e) {
            throw new SourceException("the usage journal cannot be read: " + e.getMessage(), e);
        }
    }

    /// @return whether there is still somebody who wants more
    private boolean pause() throws InterruptedException {
        return !closing.await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static UsageBatch batch(List<byte[]> lines) {
        List<UsageRecord> records = new ArrayList<>(lines.size());
        List<Unreadable> unreadable = new ArrayList<>();
        for (byte[] line : lines) {
            Optional<UsageRecord> usage = UsageLine.read(line);
            usage.ifPresentOrElse(
                    records::add,
                    () -> unreadable.add(new Unreadable(line, "it is no usage record")));
        }
        return new UsageBatch(records, unreadable);
    }

    @Override
    public void acknowledge() {
        try {
            tail.remember();
            Instant now = clock.instant();
            if (now.isAfter(cleaned.plus(CLEANING))) {
                cleaned = now;
                tail.deleteOlderThan(now.minus(keep));
            }
        } catch (IOException e) {
            throw new SourceException("the usage journal cannot be kept: " + e.getMessage(), e);
        }
    }

    @Override
    public Mark mark() {
        try {
            Place end = tail.end();
            return new Mark(++marks, end.toString());
        } catch (IOException e) {
            throw new SourceException("the usage journal cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean isPassed(Mark mark) {
        return tail.billed().compareTo(Place.parse(mark.place())) >= 0;
    }

    @Override
    public void close() {
        closing.countDown();
    }
}
