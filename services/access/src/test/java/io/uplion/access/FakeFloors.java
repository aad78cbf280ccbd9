// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import io.uplion.counters.floors.KnownFloors;
import io.uplion.platform.identity.Subject;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

final class FakeFloors implements KnownFloors {
    private final Map<Subject, Long> floors = new ConcurrentHashMap<>();
    private volatile boolean vouched;

    void raise(Subject subject, long version) {
        floors.put(subject, version);
    }

    void vouched(boolean now) {
        vouched = now;
    }

    @Override
    public long floor(Subject subject) {
        return floors.getOrDefault(subject, 0L);
    }

    @Override
    public boolean hasEnded(Subject subject) {
        return false;
    }

    @Override
    public boolean isVouched() {
        return vouched;
    }
}
