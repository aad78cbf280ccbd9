// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.journal;

import io.uplion.queue.UsageQueue;
import io.uplion.task.UsageRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Usage records on disk, one line each, in numbered segments.
///
/// A record is durable when the operating system has its bytes: the process may be killed after
/// that. A background `fsync`, at most [#SYNC_MILLIS] later and one for all records since, covers
/// the machine. So an answer never waits for a disk.
public final class UsageJournal implements UsageQueue, AutoCloseable {
    static final int SYNC_MILLIS = 50;
    static final long DEFAULT_SEGMENT_BYTES = 64L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(UsageJournal.class);
    private static final CompletionStage<Void> WRITTEN = CompletableFuture.completedFuture(null);

    private final Path directory;
    private final long segmentBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final ScheduledExecutorService syncer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("usage-sync").daemon().factory());
    private FileChannel segment;
    private long written;
    private int number;
    private boolean closed;
    private volatile boolean dirty;

    private UsageJournal(Path directory, long segmentBytes, int number) throws IOException {
        this.directory = directory;
        this.segmentBytes = segmentBytes;
        this.number = number;
        this.segment = openSegment(number);
        this.written = segment.size();
    }

    /// Opens the journal and cuts off a last line that a crash left unfinished.
    public static UsageJournal open(Path directory) throws IOException {
        return open(directory, DEFAULT_SEGMENT_BYTES);
    }

    static UsageJournal open(Path directory, long segmentBytes) throws IOException {
        OwnFiles.makeDirectory(directory);
        int last = Segments.last(directory);
        if (last > 0) {
            Segments.cutTornTail(Segments.path(directory, last));
        }
        UsageJournal journal = new UsageJournal(directory, segmentBytes, Math.max(1, last));
        journal.syncer.scheduleWithFixedDelay(
                journal::sync, SYNC_MILLIS, SYNC_MILLIS, TimeUnit.MILLISECONDS);
        return journal;
    }

    /// Reads every whole record of a journal, oldest first, also beside a running writer.
    public static void read(Path directory, Consumer<UsageRecord> records) throws IOException {
        for (int number : Segments.numbers(directory)) {
            Segments.read(Segments.path(directory, number), records);
        }
    }

    @Override
    public CompletionStage<Void> publish(UsageRecord usage) {
        ByteBuffer line = ByteBuffer.wrap(UsageLine.write(usage));
        lock.lock();
        try {
            append(line);
        } catch (IOException e) {
            LOG.atError().setCause(e).log("a usage record could not be written");
            return CompletableFuture.failedFuture(e);
        } finally {
            lock.unlock();
        }
        return WRITTEN;
    }

    private void append(ByteBuffer line) throws IOException {
        boolean full = written > 0 && written + line.remaining() > segmentBytes;
        if (full || !segment.isOpen()) {
            nextSegment();
        }
        long start = written;
        try {
            while (line.hasRemaining()) {
                written += segment.write(line);
            }
        } catch (IOException e) {
            takeBack(start);
            throw e;
        }
        dirty = true;
    }

    private void nextSegment() throws IOException {
        if (closed) {
            throw new IOException("the usage journal is closed");
        }
        if (segment.isOpen()) {
            segment.force(false);
            segment.close();
        }
        segment = openSegment(number + 1);
        number++;
        written = 0;
    }

    /// Half a line would spoil the next one. Where it cannot be cut off (an interrupted publisher
    /// closes the file, too) the next one begins a new segment.
    private void takeBack(long start) {
        try {
            segment.truncate(start);
            written = start;
        } catch (IOException truncating) {
            try {
                segment.close();
            } catch (IOException e) {
                LOG.atWarn().setCause(e).log("a segment of the usage journal did not close");
            }
        }
    }

    private FileChannel openSegment(int segmentNumber) throws IOException {
        return OwnFiles.append(Segments.path(directory, segmentNumber));
    }

    private void sync() {
        if (!dirty) {
            return;
        }
        dirty = false;
        try {
            current().force(false);
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("the usage journal could not be synced");
        }
    }

    private FileChannel current() {
        lock.lock();
        try {
            return segment;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        syncer.shutdown();
        lock.lock();
        try {
            closed = true;
            if (segment.isOpen()) {
                segment.force(false);
                segment.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("closing the usage journal", e);
        } finally {
            lock.unlock();
        }
    }
}
