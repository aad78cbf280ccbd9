// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// Runs the queue's deliveries on event loops: on the one that asks, else on all in turn.
public final class LoopExecutor implements Executor {
    private final List<Context> loops;
    private final AtomicInteger next = new AtomicInteger();

    public LoopExecutor(Vertx vertx) {
        this.loops =
                IntStream.range(0, Runtime.getRuntime().availableProcessors())
                        .<Context>mapToObj(_ -> ((VertxInternal) vertx).createEventLoopContext())
                        .toList();
    }

    @Override
    public void execute(Runnable work) {
        Context current = Vertx.currentContext();
        Context loop =
                current != null && current.isEventLoopContext()
                        ? current
                        : loops.get(Math.floorMod(next.getAndIncrement(), loops.size()));
        loop.runOnContext(_ -> work.run());
    }
}
