// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.idempotency;

import io.uplion.gateway.TestGateway;
import io.uplion.openai.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// The real store on disk, which can be away, or take its time, and in which others can run things.
final class FakeStore implements IdempotencyStore {
    private final Path directory;
    private final FileIdempotency kept;
    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicInteger renewals = new AtomicInteger();
    private final AtomicInteger ends = new AtomicInteger();
    private final List<CompletableFuture<Boolean>> held = new CopyOnWriteArrayList<>();
    private volatile boolean away;
    private volatile boolean holdsEnds;
    private volatile Claim other;
    private volatile long lastLook;

    FakeStore() {
        try {
            directory = Files.createTempDirectory("uplion-idempotency-");
            kept = FileIdempotency.open(directory, Clock.systemUTC());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void away(boolean isAway) {
        away = isAway;
    }

    /// Another gateway runs what [TestGateway#ask] asks, under this key.
    void running(String key) {
        var question =
                new Question(
                        UUID.randomUUID(),
                        TestGateway.PRINCIPAL,
                        Endpoint.CHAT,
                        TestGateway.chat(false).getBytes(StandardCharsets.UTF_8),
                        () -> {});
        other = new Claim(question.read(key).asked(), UUID.randomUUID());
        kept.claim(other).toCompletableFuture().join();
    }

    /// That gateway is done with it.
    void endElsewhere(Outcome outcome) {
        kept.end(other, outcome).toCompletableFuture().join();
    }

    /// That gateway has died, and its lease is over.
    void lapse() {
        var brief =
                kept.with(new Times(Duration.ofNanos(1), Duration.ofHours(1), Duration.ofHours(1)));
        brief.renew(other).toCompletableFuture().join();
    }

    int looks() {
        return looks.get();
    }

    int ends() {
        return ends.get();
    }

    /// Nobody has looked for longer than anybody pauses.
    boolean isQuiet() {
        return System.nanoTime() - lastLook > Duration.ofSeconds(2).toNanos();
    }

    void holdEnds() {
        holdsEnds = true;
    }

    int heldEnds() {
        return held.size();
    }

    void letEnds() {
        holdsEnds = false;
        held.forEach(one -> one.complete(true));
    }

    void failEnds() {
        held.forEach(one -> one.complete(false));
    }

    @Override
    public CompletionStage<Claimed> claim(Claim claim) {
        return away
                ? CompletableFuture.completedFuture(new Seen.Unknown("away"))
                : kept.claim(claim);
    }

    @Override
    public CompletionStage<Seen> look(Asked asked) {
        lastLook = System.nanoTime();
        looks.incrementAndGet();
        return away
                ? CompletableFuture.completedFuture(new Seen.Unknown("away"))
                : kept.look(asked);
    }

    int renewals() {
        return renewals.get();
    }

    @Override
    public CompletionStage<Noted> renew(Claim claim) {
        renewals.incrementAndGet();
        return kept.renew(claim);
    }

    @Override
    public CompletionStage<Noted> end(Claim claim, Outcome outcome) {
        ends.incrementAndGet();
        if (away) {
            return CompletableFuture.completedFuture(new Noted.Unknown("away"));
        }
        if (!holdsEnds) {
            return kept.end(claim, outcome);
        }
        var hold = new CompletableFuture<Boolean>();
        held.add(hold);
        return hold.thenCompose(
                does ->
                        does
                                ? kept.end(claim, outcome)
                                : CompletableFuture.completedFuture(new Noted.Unknown("away")));
    }

    @Override
    public void close() {
        kept.close();
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
