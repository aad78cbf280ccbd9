// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue;

import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;

class InProcessTraceTest extends TraceContract {
    private final ExecutorService loop = Executors.newFixedThreadPool(2);

    @Override
    protected TaskQueue open() {
        return new InProcessQueue(loop);
    }

    @Override
    protected Topics topics() {
        return (Topics) queue;
    }

    @Override
    protected int traces() {
        return 200;
    }

    @Override
    protected int steps() {
        return 150;
    }

    /// There is no broker.
    @Override
    protected void disturb(Random random) {}

    @AfterEach
    void stopLoop() {
        loop.shutdownNow();
    }
}
