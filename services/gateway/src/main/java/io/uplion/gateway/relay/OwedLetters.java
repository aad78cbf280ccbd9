// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import io.uplion.task.FromGateway.Letter;
import io.uplion.task.Task;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Letters of tasks that were given up. The worker that was told to write one may be gone: then the
/// queue delivers the task to another one, which asks here and writes it.
///
/// A letter is kept for as long as that takes and within bounds. Safe for all threads.
final class OwedLetters {
    private static final Logger LOG = LoggerFactory.getLogger(OwedLetters.class);
    private static final long KEPT_NANOS = Duration.ofMinutes(2).toNanos();
    private static final int MAX_LETTERS = 1000;
    private static final long MAX_BYTES = 64 << 20;

    private final SequencedMap<UUID, Owed> owed = new LinkedHashMap<>();
    private long bytes;

    /// @param until by [System#nanoTime]
    private record Owed(Task task, Letter letter, long until) {}

    synchronized void owe(Task task, Letter letter, long now) {
        forgetOld(now);
        owed.putLast(task.id(), new Owed(task, letter, now + KEPT_NANOS));
        bytes += letter.body().length;
        while (owed.size() > MAX_LETTERS || (bytes > MAX_BYTES && owed.size() > 1)) {
            Owed dropped = owed.firstEntry().getValue();
            LOG.atDebug()
                    .addKeyValue("request", dropped.task().requestId())
                    .log("a letter is not kept any longer: there are newer ones");
            forget(dropped);
        }
    }

    /// What to write for a task that nobody waits for any more.
    synchronized Optional<Letter> of(UUID task, String nonce, long now) {
        forgetOld(now);
        return Optional.ofNullable(owed.get(task))
                .filter(known -> Nonces.same(known.task().nonce(), nonce))
                .map(Owed::letter);
    }

    private void forgetOld(long now) {
        while (!owed.isEmpty() && now - owed.firstEntry().getValue().until() >= 0) {
            forget(owed.firstEntry().getValue());
        }
    }

    private void forget(Owed old) {
        owed.remove(old.task().id());
        bytes -= old.letter().body().length;
    }
}
