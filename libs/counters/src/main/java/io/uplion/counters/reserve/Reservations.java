// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/// What tasks hold of the limits of keys, users and accounts, on all nodes together. One contract
/// test holds every adapter.
///
/// No call blocks and none throws. A store in process has answered when it returns; from a store
/// elsewhere the answer comes on a thread that must not be blocked.
public interface Reservations extends AutoCloseable {
    /// How long a task holds what it has without being renewed.
    Duration LEASE = Duration.ofSeconds(45);

    /// How often whoever runs a task renews it: two rounds may be missed.
    Duration RENEWAL = Duration.ofSeconds(15);

    /// Holds an ask for all its subjects, or for none. Asking again for a task that holds already
    /// holds nothing more.
    CompletionStage<Reserved> reserve(Ask ask);

    /// Holds running tasks for another lease. A store that has lost them gets them back; what is
    /// over stays over.
    CompletionStage<Renewed> renew(List<Ask> running);

    /// Frees what a task holds, and counts the tokens it has really used in place of those asked
    /// for: fewer are given back, more are a debt. What it is charged it owes from now on, until
    /// billing says that it is billed. Settling again does nothing.
    CompletionStage<Noted> settle(Ask ask, Used used);

    @Override
    void close();
}
