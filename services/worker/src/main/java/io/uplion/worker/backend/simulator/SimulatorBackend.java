// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import io.uplion.catalog.Serving.Simulator;
import io.uplion.worker.backend.Backend;
import io.vertx.core.Vertx;
import java.util.function.Consumer;

/// The engine without weights.
public final class SimulatorBackend implements Backend {
    public SimulatorBackend(Vertx vertx, Simulator settings, String model) {}

    @Override
    public Call start(Request request, Consumer<Signal> signals) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
