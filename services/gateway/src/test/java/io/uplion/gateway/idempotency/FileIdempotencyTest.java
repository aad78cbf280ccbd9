// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.gateway.idempotency.IdempotencyStore.Noted;
import io.uplion.gateway.idempotency.IdempotencyStore.Times;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileIdempotencyTest extends IdempotencyContract {
    private static final long ROOMY = 64 << 20;

    @TempDir private Path directory;

    /// A process has one; what it remembers is shared by all who ask it, whatever times they have.
    private final Map<Times, IdempotencyStore> views = new HashMap<>();

    private FileIdempotency one;

    @Override
    IdempotencyStore store(Times times) {
        if (one == null) {
            one = open(times, Clock.systemUTC(), ROOMY);
        }
        return views.computeIfAbsent(times, one::with);
    }

    private FileIdempotency open(Times times, Clock clock, long maxBytes) {
        try {
            return FileIdempotency.open(directory, clock, times, maxBytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Path> files() {
        try (var files = Files.list(directory)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Claim kept(IdempotencyStore store, Outcome outcome) {
        var claim = claim(something());
        assertThat(now(store.claim(claim))).isEqualTo(new Claimed.Mine());
        assertThat(now(store.end(claim, outcome))).isEqualTo(new Noted.Done());
        return claim;
    }

    @Test
    void whatIsKeptSurvivesTheProcess() {
        var before = open(USUAL, Clock.systemUTC(), ROOMY);
        var answered = kept(before, whole("{\"a\":1}"));
        var large = kept(before, new Outcome.NotKept());
        var running = claim(something());
        now(before.claim(running));

        var after = open(USUAL, Clock.systemUTC(), ROOMY);
        assertKept(now(after.claim(claim(answered.asked()))), whole("{\"a\":1}"));
        assertKept(now(after.claim(claim(large.asked()))), new Outcome.NotKept());
        assertThat(now(after.claim(claim(otherBody(answered.asked())))))
                .isEqualTo(new Claimed.OtherBody());
        assertThat(now(after.claim(claim(running.asked()))))
                .as("whoever ran it is dead")
                .isEqualTo(new Claimed.Mine());
    }

    @Test
    void filesAreForTheirOwnerAlone() throws IOException {
        kept(open(USUAL, Clock.systemUTC(), ROOMY), whole("{}"));
        assertThat(files()).hasSize(1);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files().getFirst())))
                .isEqualTo("rw-------");
    }

    @Test
    void filesThatHaveHadTheirTimeAreDeleted() {
        var clock = new SetClock();
        var before = open(USUAL, clock, ROOMY);
        var first = kept(before, whole("{}"));
        clock.now = clock.now.plus(USUAL.kept());
        kept(before, whole("{}"));
        assertThat(now(before.claim(claim(first.asked())))).isEqualTo(new Claimed.Mine());
        assertThat(files()).hasSize(1);

        clock.now = clock.now.plus(USUAL.kept());
        now(open(USUAL, clock, ROOMY).look(first.asked()));
        assertThat(files()).as("of an earlier process").isEmpty();
    }

    @Test
    void theOldestGoWhenTheyAreTooMuchTogether() {
        var clock = new SetClock();
        var store = open(USUAL, clock, 3 * 4096);
        var claims = new ArrayList<Claim>();
        for (var i = 0; i < 5; i++) {
            clock.now = clock.now.plusMillis(1);
            claims.add(kept(store, whole("{}")));
        }
        assertThat(files()).hasSize(3);
        assertThat(now(store.claim(claim(claims.get(1).asked())))).isEqualTo(new Claimed.Mine());
        assertKept(now(store.claim(claim(claims.get(2).asked()))), whole("{}"));

        open(USUAL, clock, 4096);
        assertThat(files()).as("a smaller bound after a restart").hasSize(1);
        assertThat(files().getFirst().getFileName().toString())
                .startsWith(claims.get(4).asked().name());
    }

    @Test
    void halfAFileIsAsIfItHadNeverBeenKept() throws IOException {
        var store = open(USUAL, Clock.systemUTC(), ROOMY);
        var cut = kept(store, whole("{\"some\":\"more\"}".repeat(100)));
        var bytes = Files.readAllBytes(files().getFirst());
        Files.write(files().getFirst(), Arrays.copyOf(bytes, bytes.length - 3));
        assertThat(now(store.claim(claim(cut.asked())))).isEqualTo(new Claimed.Mine());
        assertThat(files()).isEmpty();

        var empty = kept(store, whole("{}"));
        Files.write(files().getFirst(), new byte[0]);
        assertThat(now(store.look(empty.asked()))).isEqualTo(new Seen.Gone());

        var gone = kept(store, whole("{}"));
        Files.delete(files().getFirst());
        assertThat(now(store.claim(claim(gone.asked())))).isEqualTo(new Claimed.Mine());
    }

    @Test
    void whatWasLeftHalfWrittenIsTidiedAwayAndStrangersStay() throws IOException {
        Files.writeString(directory.resolve("ab.part"), "half");
        Files.writeString(directory.resolve("notes.txt"), "mine");
        open(USUAL, Clock.systemUTC(), ROOMY);
        assertThat(files()).containsExactly(directory.resolve("notes.txt"));
    }

    @Test
    void anAnswerThatCannotBeWrittenIsNotTakenForKept() throws IOException {
        var store = open(USUAL, Clock.systemUTC(), ROOMY);
        var claim = claim(something());
        now(store.claim(claim));
        Files.delete(directory);
        assertThat(now(store.end(claim, whole("{}")))).isInstanceOf(Noted.Unknown.class);
        assertThat(now(store.look(claim.asked()))).isEqualTo(new Seen.Running());

        Files.createDirectory(directory);
        assertThat(now(store.end(claim, whole("{}")))).isEqualTo(new Noted.Done());
        assertKept(now(store.look(claim.asked())), whole("{}"));
    }

    private static final class SetClock extends Clock {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
