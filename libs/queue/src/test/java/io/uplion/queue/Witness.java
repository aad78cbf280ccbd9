// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// Knows what has become of each task, and says what may not happen.
final class Witness {
    private enum State {
        WAITING,
        HELD,
        DONE
    }

    private final Map<UUID, State> states = new HashMap<>();
    private final Set<UUID> maybeLost = new HashSet<>();
    private final List<String> violations = new ArrayList<>();

    synchronized void published(UUID task) {
        states.put(task, State.WAITING);
    }

    /// Publishing failed: it may have been kept or not.
    synchronized void maybeLost(UUID task) {
        maybeLost.add(task);
    }

    synchronized void delivered(UUID task, int heldByPool, int slots) {
        switch (states.get(task)) {
            case null -> violations.add("never published: " + task);
            case HELD -> violations.add("held twice: " + task);
            case DONE -> violations.add("came again after it was acknowledged: " + task);
            case WAITING -> states.put(task, State.HELD);
        }
        if (heldByPool > slots) {
            violations.add(heldByPool + " tasks in " + slots + " slots");
        }
    }

    synchronized void acknowledged(UUID task) {
        states.put(task, State.DONE);
    }

    synchronized void handedBack(UUID task) {
        states.put(task, State.WAITING);
    }

    synchronized List<UUID> unfinished() {
        return states.entrySet().stream()
                .filter(entry -> entry.getValue() != State.DONE)
                .map(Map.Entry::getKey)
                .filter(task -> !maybeLost.contains(task))
                .toList();
    }

    synchronized List<String> violations() {
        return List.copyOf(violations);
    }
}
