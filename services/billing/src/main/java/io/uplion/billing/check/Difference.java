// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.check;

/// Two of the books do not agree.
///
/// @param where what it is about, in words: an account, an hour, a task
/// @param expected what the first of the books says
/// @param found what the second says
public record Difference(Between between, String where, String expected, String found) {

    /// Each is compared with one that is nearer to the ledger.
    public enum Between {
        LEDGER_AND_ROLLUPS("ledger", "rollups"),
        ROLLUPS_AND_DAYS("rollups", "days"),
        ROLLUPS_AND_BALANCES("rollups", "balances"),
        ROLLUPS_AND_SPENT("rollups", "spent"),
        SPENT_AND_COUNTERS("spent", "counters"),
        USAGE_AND_LEDGER("usage", "ledger");

        private final String first;
        private final String second;

        Between(String first, String second) {
            this.first = first;
            this.second = second;
        }
    }

    @Override
    public String toString() {
        return "%s: %s says %s, %s says %s"
                .formatted(where, between.first, expected, between.second, found);
    }
}
