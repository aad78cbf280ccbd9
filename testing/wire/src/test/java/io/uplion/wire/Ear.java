// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.wire;

import io.uplion.task.FromGateway;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// What one attempt hears.
final class Ear implements Consumer<FromGateway> {
    private final List<FromGateway> heard = new ArrayList<>();
    private final AtomicBoolean listening = new AtomicBoolean();

    @Override
    public void accept(FromGateway message) {
        if (!listening.compareAndSet(false, true)) {
            throw new AssertionError("Two messages at one time");
        }
        synchronized (this) {
            heard.add(message);
        }
        listening.set(false);
    }

    synchronized List<FromGateway> heard() {
        return List.copyOf(heard);
    }

    synchronized int count() {
        return heard.size();
    }

    List<FromGateway> await(int messages) {
        return await(messages, Duration.ofSeconds(20));
    }

    List<FromGateway> await(int messages, Duration limit) {
        Await.until(messages + " messages from the gateway", limit, () -> count() >= messages);
        return heard();
    }
}
