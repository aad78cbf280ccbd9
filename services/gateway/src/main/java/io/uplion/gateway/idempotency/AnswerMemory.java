// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.idempotency;

import java.util.concurrent.atomic.AtomicLong;

/// Bytes of answers that may be held for those who ask again, over all requests.
final class AnswerMemory {
    private final long limit;
    private final AtomicLong held = new AtomicLong();

    AnswerMemory(long limit) {
        this.limit = limit;
    }

    boolean take(long bytes) {
        long before = held.get();
        while (before + bytes <= limit) {
            if (held.compareAndSet(before, before + bytes)) {
                return true;
            }
            before = held.get();
        }
        return false;
    }

    void giveBack(long bytes) {
        held.addAndGet(-bytes);
    }

    long held() {
        return held.get();
    }
}
