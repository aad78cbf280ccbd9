// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.invariant;

/// A promise that was not kept.
///
/// @param id of the request, or where there is none the address of the process
public record Violation(Kind kind, String id, String words) {
    public enum Kind {
        /// A request did not end within its client's bound.
        HUNG,
        /// The connection broke without an error event, and nobody expected it to.
        CUT_SILENTLY,
        /// A broken answer ended in an orderly way, as if it were whole.
        LOOKS_WHOLE,
        /// Something came after the end.
        SEVERAL_ENDS,
        /// An error of the platform's that does not say which.
        ERROR_WITHOUT_CODE,
        NO_REQUEST_ID,
        /// Two requests were given one id.
        REQUEST_ID_TWICE,
        UNREADABLE_FRAME,
        /// One answer is made of two attempts.
        MIXED_ATTEMPTS,
        /// A token is missing, repeated, or out of place.
        OUT_OF_ORDER,
        /// An answer called complete that is not.
        UNFINISHED,
        /// The text was made for somebody else, or by nobody.
        FOREIGN_TEXT,
        USAGE_MISSING,
        /// The record says otherwise than the client.
        USAGE_CONTRADICTS,
        USAGE_TOKENS_WRONG,
        /// Two attempts of one task were committed.
        USAGE_DOUBLED,
        /// A record of a task that nobody asked for.
        USAGE_OF_NOBODY,
        LEDGER_MISSING,
        LEDGER_DOUBLED,
        /// The ledger says otherwise than the first record.
        LEDGER_CONTRADICTS,
        /// Billed, and nobody has recorded it.
        LEDGER_OF_NOBODY,
        CHARGE_WRONG,
        /// Counters hold something for tasks that are over.
        MONEY_HELD,
        BOOKS_DIFFER,
        /// The provider went on after the end, or still does.
        ORPHAN_WORK,
        WAITERS_LEFT,
        SLOTS_BUSY,
        MEMORY_HELD,
        TASKS_LEFT,
        /// A process does not say what it must be asked.
        METRICS_UNREADABLE
    }

    @Override
    public String toString() {
        return kind + " " + id + ": " + words;
    }
}
