// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.openai;

import java.util.LinkedHashSet;
import java.util.Set;

/// Bytes of providers' answers that are held at one time, over all calls of a process: whole
/// answers and, of streams, events that have not come to their end.
///
/// Who finds no room waits, and its provider with it. The one that has been at it longest never
/// does: so there is always one that comes to its end and makes room, and no more is held than the
/// limit and one answer. Small answers are not counted: they must not wait behind large ones.
public final class AnswerMemory {
    static final int SMALL_BYTES = 256 << 10;

    private final long limit;
    private final Set<Share> shares = new LinkedHashSet<>();
    private long held;

    public AnswerMemory(long limit) {
        this.limit = limit;
    }

    /// What one call holds.
    ///
    /// @param again called from any thread when a call that had to wait may go on
    Share share(Runnable again) {
        return new Share(again);
    }

    public synchronized long held() {
        return held;
    }

    final class Share {
        private final Runnable again;
        private long bytes;
        private boolean waiting;

        private Share(Runnable again) {
            this.again = again;
        }

        /// @param now all that the call holds
        /// @return false: no more may be read until told
        boolean hold(long now) {
            synchronized (AnswerMemory.this) {
                long counted = now <= SMALL_BYTES ? 0 : now;
                boolean less = counted < bytes;
                held += counted - bytes;
                bytes = counted;
                if (counted == 0) {
                    shares.remove(this);
                } else {
                    shares.add(this);
                }
                waiting = counted > 0 && !mayGoOn(this);
                if (less) {
                    wake();
                }
                return !waiting;
            }
        }

        void release() {
            hold(0);
        }
    }

    private boolean mayGoOn(Share share) {
        return held <= limit || shares.iterator().next() == share;
    }

    private void wake() {
        for (Share share : shares) {
            if (!mayGoOn(share)) {
                return;
            }
            if (share.waiting) {
                share.waiting = false;
                share.again.run();
            }
        }
    }
}
