// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.ledger;

import io.uplion.counters.reserve.Counter;
import io.uplion.counters.reserve.Spent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// What a batch has become.
///
/// @param accounts what the counters are to be told of each, also of records that came again: who
///   wrote them may have died before it told anybody
/// @param billed records that are new
/// @param rejected what was set aside
/// @param absorbed nanos that the new ones cost beyond what was to be charged
/// @param transactions how many it took
public record Written(
        Map<UUID, Told> accounts, int billed, int rejected, long absorbed, int transactions) {

    static final Written NOTHING = new Written(Map.of(), 0, 0, 0, 0);

    /// @param spent all that the tasks count for, absolute
    public record Told(Map<Counter, Spent> spent, List<UUID> tasks) {

        private Told and(Told other) {
            Map<Counter, Spent> both = new HashMap<>(spent);
            other.spent.forEach(
                    (counter, more) ->
                            both.merge(counter, more, (a, b) -> a.version() > b.version() ? a : b));
            List<UUID> all = new ArrayList<>(tasks);
            all.addAll(other.tasks);
            return new Told(both, all);
        }
    }

    Written and(Written other) {
        Map<UUID, Told> all = new HashMap<>(accounts);
        other.accounts.forEach((account, told) -> all.merge(account, told, Told::and));
        return new Written(
                all,
                billed + other.billed,
                rejected + other.rejected,
                absorbed + other.absorbed,
                transactions + other.transactions);
    }
}
