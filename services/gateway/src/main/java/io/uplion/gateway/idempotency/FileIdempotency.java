// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.idempotency;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// For a platform of one process. What runs is in memory: it dies with the process. What is kept is
/// on disk, and survives a kill; after a power cut the last answers may be missing.
public final class FileIdempotency implements IdempotencyStore {
    /// Of all answers together.
    private static final long MOST_BYTES = 256 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(FileIdempotency.class);
    private static final int PRINT_BYTES = 64;

    private final Clock clock;
    private final Times times;
    private final KeptFiles files;
    private final Map<String, Live> live;
    private final ReentrantLock lock;
    private final ExecutorService disk = Executors.newVirtualThreadPerTaskExecutor();

    private FileIdempotency(
            KeptFiles files, Clock clock, Times times, Map<String, Live> live, ReentrantLock lock) {
        this.files = files;
        this.clock = clock;
        this.times = times;
        this.live = live;
        this.lock = lock;
    }

    /// @param directory exists, and is this process' own
    public static FileIdempotency open(Path directory, Clock clock) throws IOException {
        return open(directory, clock, Times.DEFAULT, MOST_BYTES);
    }

    static FileIdempotency open(Path directory, Clock clock, Times times, long maxBytes)
            throws IOException {
        KeptFiles files = KeptFiles.open(directory, maxBytes);
        return new FileIdempotency(files, clock, times, new HashMap<>(), new ReentrantLock());
    }

    /// The same, for those who have other times.
    FileIdempotency with(Times others) {
        return new FileIdempotency(files, clock, others, live, lock);
    }

    /// What is not on disk.
    ///
    /// @param end nothing while it runs
    /// @param until by [System#nanoTime]: the end of the lease, or of the time for telling
    private record Live(Claim claim, Optional<Outcome> end, long until) {
        boolean isOver(long now) {
            return now - until >= 0;
        }

        boolean runs(Claim asked) {
            return end.isEmpty() && claim.token().equals(asked.token());
        }
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            long now = System.nanoTime();
            live.values().removeIf(entry -> entry.isOver(now));
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public CompletionStage<Claimed> claim(Claim claim) {
        return locked(() -> claimLocked(claim));
    }

    private CompletionStage<Claimed> claimLocked(Claim claim) {
        Asked asked = claim.asked();
        Live known = live.get(asked.name());
        if (known != null && known.end().isEmpty() && !known.runs(claim)) {
            boolean same = known.claim().asked().equals(asked);
            return done(same ? new Seen.Running() : new Claimed.OtherBody());
        }
        Optional<KeptFiles.File> kept = files.find(asked.name(), clock.millis());
        if (kept.isPresent()) {
            return onDisk(() -> read(kept.get(), asked))
                    .thenCompose(
                            read ->
                                    read.<CompletionStage<Claimed>>map(FileIdempotency::claimed)
                                            .orElseGet(() -> claim(claim)))
                    .exceptionally(e -> new Seen.Unknown(why(e)));
        }
        run(claim);
        return done(new Claimed.Mine());
    }

    private static CompletionStage<Claimed> claimed(Read read) {
        return done(read.same() ? new Seen.Ended(read.outcome()) : new Claimed.OtherBody());
    }

    private void run(Claim claim) {
        long until = System.nanoTime() + times.lease().toNanos();
        live.put(claim.asked().name(), new Live(claim, Optional.empty(), until));
    }

    @Override
    public CompletionStage<Seen> look(Asked asked) {
        return locked(() -> lookLocked(asked));
    }

    private CompletionStage<Seen> lookLocked(Asked asked) {
        Live known = live.get(asked.name());
        if (known != null) {
            boolean same = known.claim().asked().equals(asked);
            return done(same ? seen(known) : new Seen.Gone());
        }
        Optional<KeptFiles.File> kept = files.find(asked.name(), clock.millis());
        if (kept.isEmpty()) {
            return done(new Seen.Gone());
        }
        return onDisk(() -> read(kept.get(), asked))
                .thenApply(
                        read ->
                                read.filter(Read::same)
                                        .<Seen>map(found -> new Seen.Ended(found.outcome()))
                                        .orElseGet(Seen.Gone::new))
                .exceptionally(e -> new Seen.Unknown(why(e)));
    }

    private static Seen seen(Live known) {
        return known.end().<Seen>map(Seen.Ended::new).orElseGet(Seen.Running::new);
    }

    @Override
    public CompletionStage<Noted> renew(Claim claim) {
        return locked(
                () -> {
                    if (isFreeFor(claim) && !isKept(claim)) {
                        run(claim);
                    }
                    return done(new Noted.Done());
                });
    }

    private boolean isFreeFor(Claim claim) {
        Live known = live.get(claim.asked().name());
        return known == null || known.runs(claim);
    }

    private boolean isKept(Claim claim) {
        return files.find(claim.asked().name(), clock.millis()).isPresent();
    }

    @Override
    public CompletionStage<Noted> end(Claim claim, Outcome outcome) {
        if (!outcome.isKept()) {
            return locked(() -> told(claim, outcome));
        }
        return onDisk(() -> keep(claim, outcome))
                .exceptionally(
                        e -> {
                            LOG.atWarn().setCause(e).log("an answer could not be kept");
                            return new Noted.Unknown(why(e));
                        });
    }

    private CompletionStage<Noted> told(Claim claim, Outcome outcome) {
        if (isFreeFor(claim) && !isKept(claim)) {
            long until = System.nanoTime() + times.told().toNanos();
            live.put(claim.asked().name(), new Live(claim, Optional.of(outcome), until));
        }
        return done(new Noted.Done());
    }

    private Noted keep(Claim claim, Outcome outcome) throws IOException {
        if (locked(() -> isFreeFor(claim) && !isKept(claim))) {
            long until = clock.millis() + times.kept().toMillis();
            KeptFiles.File file =
                    files.write(claim.asked().name(), until, packed(claim.asked(), outcome));
            locked(
                    () -> {
                        files.add(file);
                        return live.remove(claim.asked().name());
                    });
        }
        return new Noted.Done();
    }

    /// @param same whether it was the same body
    private record Read(boolean same, Outcome outcome) {}

    private static byte[] packed(Asked asked, Outcome outcome) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(asked.print().getBytes(StandardCharsets.US_ASCII));
        all.write(OutcomeBytes.write(outcome));
        return Packed.pack(all.toByteArray());
    }

    /// What cannot be read is as if it had never been kept.
    private Optional<Read> read(KeptFiles.File file, Asked asked) {
        try {
            byte[] all = Packed.unpack(Files.readAllBytes(file.path()));
            byte[] print = asked.print().getBytes(StandardCharsets.US_ASCII);
            boolean same = Arrays.equals(all, 0, PRINT_BYTES, print, 0, print.length);
            byte[] outcome = Arrays.copyOfRange(all, PRINT_BYTES, all.length);
            return Optional.of(new Read(same, OutcomeBytes.read(outcome)));
        } catch (NoSuchFileException e) {
            // It has just had its time.
            return forgotten(file);
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
            LOG.atWarn().setCause(e).log("a kept answer cannot be read, and is forgotten");
            return forgotten(file);
        }
    }

    private Optional<Read> forgotten(KeptFiles.File file) {
        locked(
                () -> {
                    files.forget(file);
                    return file;
                });
        return Optional.empty();
    }

    private interface OnDisk<T> {
        T run() throws IOException;
    }

    private <T> CompletableFuture<T> onDisk(OnDisk<T> action) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return action.run();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                disk);
    }

    private static <T> CompletionStage<T> done(T value) {
        return CompletableFuture.completedFuture(value);
    }

    private static String why(Throwable e) {
        Throwable cause =
                e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
        return String.valueOf(cause.getMessage());
    }

    @Override
    public void close() {
        disk.close();
    }
}
