// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.reply;

/// How much of what one worker has said its client's event loop has not looked at. Beyond a bound
/// nothing more is read, and what the worker sends stays where it is: in the connection's window.
///
/// Safe for two threads: the network's, which reads, and the loop's, which looks.
final class Intake {
    private static final int MOST_AHEAD = 256 << 10;

    /// Asking the loop for each message would cost as much as the message.
    private static final int PORTION = 32 << 10;

    private long ahead;
    private int portion;
    private boolean waiting;

    /// @return a portion that the loop should be asked about, or 0
    synchronized int read(int bytes) {
        ahead += bytes;
        portion += bytes;
        if (portion < PORTION) {
            return 0;
        }
        int full = portion;
        portion = 0;
        return full;
    }

    /// @return whether to read on; else [#taken] says when
    synchronized boolean mayRead() {
        waiting = ahead > MOST_AHEAD;
        return !waiting;
    }

    /// @return whether to read on, after a wait
    synchronized boolean taken(int bytes) {
        ahead -= bytes;
        boolean goOn = waiting && ahead <= MOST_AHEAD;
        waiting &= !goOn;
        return goOn;
    }
}
