// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/// What billing tells the store that holds tasks' money. No call blocks and none throws.
public interface Budgets {

    /// Begins to count for a subject and a period, or corrects what it has spent. Until then
    /// whoever asks for money is told that nobody knows. What running tasks hold counts already:
    /// after a store has lost everything they must have been renewed first.
    CompletionStage<Noted> open(UUID account, Counter counter, Spent spent);

    /// What has been billed: sets what is spent where the ledger's version is newer, and takes away
    /// what these tasks held or owed, all at once. Does not open a counter.
    CompletionStage<Noted> billed(UUID account, Map<Counter, Spent> spent, List<UUID> tasks);

    /// Counts no more for a period that is over; what is held or owed for it stays until it is
    /// billed.
    CompletionStage<Noted> forget(UUID account, Counter counter);

    /// Tasks that have not been renewed for a lease, and of which that was to be seen for a third
    /// of it: so nothing is overdue only because the store stood still. Ask every few seconds.
    CompletionStage<Overdue> overdue(UUID account);

    /// Frees what overdue tasks hold. Only for whoever has consumed all usage that was reported
    /// when they were found overdue: a charge may have been on its way. A task that has been
    /// renewed meanwhile holds on.
    CompletionStage<Noted> release(UUID account, List<UUID> tasks);

    /// Accounts with tasks that hold something: of those [#overdue] is to be asked. One whose tasks
    /// begin or end meanwhile may be in it or not.
    CompletionStage<Holders> holders();

    /// What an account's counters say, all at once.
    CompletionStage<Books> books(UUID account);

    /// Which store this is. One that has lost everything takes the word that it is offered, and
    /// answers with it from then on.
    ///
    /// @param offered never used before
    CompletionStage<Incarnation> incarnation(String offered);
}
