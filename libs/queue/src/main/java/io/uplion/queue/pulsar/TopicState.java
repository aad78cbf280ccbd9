// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.pulsar;

import io.uplion.queue.TaskQueue.Depth;
import java.util.List;
import java.util.OptionalInt;

/// What the broker said of a model's topic. A plain value, to be shared between gateways.
///
/// @param backlog tasks that nobody has acknowledged
/// @param unacknowledged those of them that workers hold: they run, or rest before they are handed
///   back
/// @param consumers slots
/// @param replaying tasks that were handed out before and wait to be handed out again, before all
///   others
/// @param readLedger with `readEntry`: up to there, exclusively, the broker has handed out tasks
/// @param ledgers the topic's pieces from `readLedger` on, oldest first
public record TopicState(
        long backlog,
        long unacknowledged,
        int consumers,
        long replaying,
        long readLedger,
        long readEntry,
        List<Ledger> ledgers) {

    public TopicState {
        ledgers = List.copyOf(ledgers);
    }

    /// @param entries how many it has
    public record Ledger(long id, long entries) {}

    public Depth depth() {
        return new Depth(bounded(Math.max(0, backlog - unacknowledged)), bounded(unacknowledged));
    }

    /// About how many tasks stand before the one at this place. Those that were given up by their
    /// clients are counted, because the broker does not know.
    ///
    /// @return nothing where the task has been handed out
    public OptionalInt ahead(long ledger, long entry) {
        long next = Math.max(0, readEntry);
        if (ledger < readLedger || (ledger == readLedger && entry < next)) {
            return OptionalInt.empty();
        }
        if (ledger == readLedger) {
            return OptionalInt.of(bounded(replaying + entry - next));
        }
        long between =
                ledgers.stream()
                        .filter(piece -> piece.id() >= readLedger && piece.id() < ledger)
                        .mapToLong(piece -> piece.entries() - (piece.id() == readLedger ? next : 0))
                        .map(entries -> Math.max(0, entries))
                        .sum();
        return OptionalInt.of(bounded(replaying + between + entry));
    }

    private static int bounded(long number) {
        return (int) Math.min(Integer.MAX_VALUE, number);
    }
}
