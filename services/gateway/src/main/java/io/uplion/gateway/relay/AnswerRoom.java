// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import java.util.concurrent.atomic.AtomicLong;

/// Bytes of answers that clients have not taken, over all clients of a gateway: whole answers and
/// events of streams. Beyond the limit no more is accepted from workers, unless nothing else is
/// held. Who is not far behind is not counted: small answers must not be refused for large ones.
final class AnswerRoom {
    static final int SMALL_BYTES = 256 << 10;

    private final long limit;
    private final AtomicLong held = new AtomicLong();

    AnswerRoom(long limit) {
        this.limit = limit;
    }

    Share share() {
        return new Share();
    }

    long held() {
        return held.get();
    }

    /// What is held for one client. Lives on the client's event loop.
    final class Share {
        private long bytes;

        private Share() {}

        /// @param now all that is held for the client
        /// @return false: there is no room, and nothing has changed
        boolean hold(long now) {
            long counted = now <= SMALL_BYTES ? 0 : now;
            if (counted != bytes) {
                if (!change(counted - bytes)) {
                    return false;
                }
                bytes = counted;
            }
            return true;
        }

        private boolean change(long more) {
            long before = held.get();
            while (more <= 0 || before == bytes || before + more <= limit) {
                if (held.compareAndSet(before, before + more)) {
                    return true;
                }
                before = held.get();
            }
            return false;
        }
    }
}
