// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.http;

import java.util.concurrent.atomic.AtomicLong;

/// Bytes of request bodies that may be held at one time, over all requests.
public final class BodyMemory {
    private final long limit;
    private final AtomicLong held = new AtomicLong();

    public BodyMemory(long limit) {
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

    public void giveBack(long bytes) {
        held.addAndGet(-bytes);
    }

    public long held() {
        return held.get();
    }
}
