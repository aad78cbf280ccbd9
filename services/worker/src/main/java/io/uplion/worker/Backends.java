// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker;

import io.micrometer.core.instrument.MeterRegistry;
import io.uplion.catalog.AIModel;
import io.uplion.catalog.Serving;
import io.uplion.worker.backend.Backend;
import io.uplion.worker.backend.openai.AnswerMemory;
import io.uplion.worker.backend.openai.OpenAiBackend;
import io.uplion.worker.backend.simulator.SimulatorBackend;
import io.uplion.worker.metrics.WorkerMetrics;
import io.uplion.worker.secret.Secrets;
import io.vertx.core.Vertx;

/// The only place that chooses who answers for a manifest.
public final class Backends {
    private final WorkerConfig config;
    private final Vertx vertx;
    private final Secrets secrets;
    private final AnswerMemory memory;

    /// One a process: its backends share what bounds them together.
    public Backends(WorkerConfig config, Vertx vertx, Secrets secrets, MeterRegistry meters) {
        this.config = config;
        this.vertx = vertx;
        this.secrets = secrets;
        this.memory = new AnswerMemory(config.answerMemoryBytes());
        WorkerMetrics.answerBytes(meters, memory::held);
    }

    public Backend of(AIModel manifest) {
        return switch (manifest.serving()) {
            case Serving.Remote remote ->
                    new OpenAiBackend(
                            vertx,
                            remote,
                            () -> remote.apiKey().flatMap(secrets::read),
                            config,
                            memory,
                            manifest.concurrency());
            case Serving.Simulator simulator ->
                    new SimulatorBackend(vertx, simulator, manifest.model());
        };
    }
}
