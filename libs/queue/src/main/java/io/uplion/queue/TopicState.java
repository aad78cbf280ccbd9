// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue;

import io.uplion.queue.TaskQueue.Depth;
import java.util.List;
import java.util.OptionalInt;

/// What a broker counts about one model's topic. A plain value, told from gateway to gateway.
///
/// @param backlog tasks that are not acknowledged, waiting or running
/// @param running those of them that workers hold: they run, or rest before they are handed back
/// @param consumers slots that are open on the topic, idle or busy: none means nobody pulls
/// @param acknowledged counts up with every acknowledged task. Only differences mean anything: a
///   broker may begin anew at any number
/// @param reading how far the broker has handed out tasks
public record TopicState(
        long backlog, int running, int consumers, long acknowledged, Reading reading) {

    /// Where nobody knows how far the broker has read.
    public TopicState(long backlog, int running, int consumers, long acknowledged) {
        this(backlog, running, consumers, acknowledged, Reading.UNKNOWN);
    }

    /// @param replaying tasks that were handed out before and wait to be handed out again, before
    ///   all others
    /// @param ledger with `entry`: up to there, exclusively, tasks were handed out
    /// @param ledgers the topic's pieces from `ledger` on, oldest first
    public record Reading(long replaying, long ledger, long entry, List<Ledger> ledgers) {
        static final Reading UNKNOWN = new Reading(0, Long.MAX_VALUE, 0, List.of());

        public Reading {
            ledgers = List.copyOf(ledgers);
        }

        private OptionalInt ahead(long ofLedger, long ofEntry) {
            long next = Math.max(0, entry);
            if (ofLedger < ledger || (ofLedger == ledger && ofEntry < next)) {
                return OptionalInt.empty();
            }
            if (ofLedger == ledger) {
                return OptionalInt.of(bounded(replaying + ofEntry - next));
            }
            long between =
                    ledgers.stream()
                            .filter(piece -> piece.id() >= ledger && piece.id() < ofLedger)
                            .mapToLong(piece -> piece.entries() - (piece.id() == ledger ? next : 0))
                            .map(entries -> Math.max(0, entries))
                            .sum();
            return OptionalInt.of(bounded(replaying + between + ofEntry));
        }
    }

    /// @param entries how many it has
    public record Ledger(long id, long entries) {}

    /// Tasks that nobody has.
    public long waiting() {
        return Math.max(0, backlog - running);
    }

    public Depth depth() {
        return new Depth(bounded(waiting()), running);
    }

    /// About how many tasks stand before the one at this place. Those that were given up by their
    /// clients are counted, because the broker does not know.
    ///
    /// @return nothing where the task has been handed out
    public OptionalInt ahead(long ledger, long entry) {
        return reading.ahead(ledger, entry);
    }

    private static int bounded(long number) {
        return (int) Math.min(Integer.MAX_VALUE, number);
    }
}
