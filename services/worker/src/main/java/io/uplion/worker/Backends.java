// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.Serving;
import io.uplion.worker.backend.Backend;
import io.uplion.worker.backend.openai.OpenAiBackend;
import io.uplion.worker.backend.simulator.SimulatorBackend;
import io.uplion.worker.secret.Secrets;
import io.vertx.core.Vertx;

/// The only place that chooses who answers for a manifest.
public final class Backends {
    private Backends() {}

    public static Backend of(AIModel manifest, WorkerConfig config, Vertx vertx, Secrets secrets) {
        return switch (manifest.serving()) {
            case Serving.Remote remote ->
                    new OpenAiBackend(
                            vertx,
                            remote,
                            () -> remote.apiKey().flatMap(secrets::read),
                            config,
                            manifest.concurrency());
            case Serving.Simulator simulator ->
                    new SimulatorBackend(vertx, simulator, manifest.model());
        };
    }
}
