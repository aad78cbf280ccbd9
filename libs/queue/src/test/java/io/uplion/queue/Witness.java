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
///
/// No process holds a task twice, nor gets one again that it has acknowledged. As long as nothing
/// happens to the broker no two processes hold one together. Beyond that a second process may get a
/// task: an acknowledgement has no receipt. The gateway's grant refuses it then, which is no part
/// of a queue.
final class Witness {
    /// @param holding processes that have it now
    /// @param acknowledged processes that were done with it
    private record Fate(Set<Integer> holding, Set<Integer> acknowledged) {
        Fate() {
            this(new HashSet<>(), new HashSet<>());
        }
    }

    private final boolean calm;
    private final Map<UUID, Fate> tasks = new HashMap<>();
    private final Set<UUID> maybeLost = new HashSet<>();
    private final List<String> violations = new ArrayList<>();

    /// @param calm nothing happens to the broker
    Witness(boolean calm) {
        this.calm = calm;
    }

    synchronized void published(UUID task) {
        tasks.put(task, new Fate());
    }

    /// Publishing failed: it may have been kept or not.
    synchronized void maybeLost(UUID task) {
        maybeLost.add(task);
    }

    synchronized void delivered(UUID task, int process) {
        Fate fate = tasks.get(task);
        if (fate == null) {
            violations.add("never published: " + task);
            return;
        }
        if (fate.acknowledged().contains(process)) {
            violations.add("came again after it was acknowledged: " + task);
        } else if (fate.holding().contains(process) || (calm && !fate.holding().isEmpty())) {
            violations.add("held twice: " + task);
        }
        fate.holding().add(process);
    }

    synchronized void has(int tasksOfPool, int slots) {
        if (tasksOfPool > slots) {
            violations.add(tasksOfPool + " tasks in " + slots + " slots");
        }
    }

    synchronized void acknowledged(UUID task, int process) {
        handedBack(task, process);
        tasks.get(task).acknowledged().add(process);
    }

    synchronized void handedBack(UUID task, int process) {
        tasks.get(task).holding().remove(process);
    }

    synchronized List<UUID> unfinished() {
        return tasks.entrySet().stream()
                .filter(entry -> entry.getValue().acknowledged().isEmpty())
                .map(Map.Entry::getKey)
                .filter(task -> !maybeLost.contains(task))
                .toList();
    }

    synchronized List<String> violations() {
        return List.copyOf(violations);
    }
}
