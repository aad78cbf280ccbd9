// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The scripts by model string: parsed once, with what must be remembered from request to request.
final class Scripts {
    private static final int REMEMBERED = 10_000;

    private final ConcurrentMap<String, Prepared> byModel = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, String> given = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Queue<Runnable>> held = new ConcurrentHashMap<>();

    /// A script with its state.
    static final class Prepared {
        private final Script script;
        private final AtomicInteger requests = new AtomicInteger();
        private volatile byte @Nullable [] rendered;

        Prepared(Script script) {
            this.script = script;
        }

        Script script() {
            return script;
        }

        /// The trouble for the next request: a script may be in trouble for its first ones only.
        Trouble nextTrouble() {
            return switch (script.trouble()) {
                case Trouble.None none -> none;
                case Trouble trouble when script.trigger().firstRequests() == Integer.MAX_VALUE ->
                        trouble;
                case Trouble trouble ->
                        requests.getAndIncrement() < script.trigger().firstRequests()
                                ? trouble
                                : new Trouble.None();
            };
        }

        /// The part of a whole answer that is the same every time.
        byte @Nullable [] rendered() {
            return rendered;
        }

        void remember(byte[] part) {
            rendered = part;
        }
    }

    /// @param words as after the first `;` of a scripted model name
    void give(String model, String words) {
        Prepared prepared = new Prepared(Script.parse(model.replace(';', ',') + ";" + words));
        given.put(model, words);
        byModel.put(model, prepared);
    }

    void hold(String model) {
        held.putIfAbsent(model, new ConcurrentLinkedQueue<>());
    }

    void release(String model) {
        Queue<Runnable> waiting = held.remove(model);
        if (waiting != null) {
            waiting.forEach(Runnable::run);
        }
    }

    /// Keeps the answer of a model that is held until it is released.
    ///
    /// @return whether it is held
    boolean holdsBack(String model, Runnable answer) {
        // The map's own lock: no answer is added to a queue that was just emptied.
        return held.computeIfPresent(
                        model,
                        (_, waiting) -> {
                            waiting.add(answer);
                            return waiting;
                        })
                != null;
    }

    List<String> names() {
        return given.keySet().stream().sorted().toList();
    }

    Prepared of(String model) {
        Prepared known = byModel.get(model);
        if (known != null) {
            return known;
        }
        Prepared fresh = new Prepared(Script.parse(model));
        if (byModel.size() >= REMEMBERED) {
            return fresh;
        }
        Prepared raced = byModel.putIfAbsent(model, fresh);
        return raced == null ? fresh : raced;
    }
}
