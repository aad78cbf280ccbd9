// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.http;

import io.uplion.catalog.live.Catalog;
import io.uplion.catalog.live.ServedModel;
import io.uplion.gateway.Gateway;
import io.uplion.gateway.GatewayConfig;
import io.uplion.gateway.admission.Admission;
import io.uplion.gateway.admission.FullQueues;
import io.uplion.gateway.allowance.Allowances;
import io.uplion.gateway.answer.Answers;
import io.uplion.gateway.idempotency.Executions;
import io.uplion.gateway.idempotency.RepeatDoor;
import io.uplion.gateway.metrics.GatewayMetrics;
import io.uplion.gateway.relay.ClientDoor;
import io.uplion.gateway.relay.Relay;
import io.uplion.platform.identity.Principal;
import io.uplion.platform.management.Readiness;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// The gateway's HTTP half: one server an event loop, on one port.
public final class HttpDoor implements AutoCloseable {
    private final GatewayConfig config;
    private final Gateway.Ports ports;
    private final Inner inner;
    private final Answers answers;
    private final BodyMemory memory;
    private String deployment = "";
    private final List<GatewayServer> servers = new CopyOnWriteArrayList<>();

    /// The parts behind the door.
    public record Inner(
            Relay relay,
            Executions executions,
            FullQueues queues,
            GatewayMetrics metrics,
            Allowances allowances,
            Readiness readiness,
            Beside beside) {}

    public HttpDoor(GatewayConfig config, Gateway.Ports ports, Inner inner) {
        this.config = config;
        this.ports = ports;
        this.inner = inner;
        this.answers = new Answers(inner.metrics());
        this.memory = new BodyMemory(config.bodyMemoryBytes());
        inner.metrics().bodyBytes(memory::held);
    }

    public void listen() {
        int loops = Runtime.getRuntime().availableProcessors();
        deployment =
                ports.vertx()
                        .deployVerticle(this::server, new DeploymentOptions().setInstances(loops))
                        .await();
    }

    private GatewayServer server() {
        GatewayServer server = new GatewayServer(config, answers, this::routes);
        servers.add(server);
        return server;
    }

    private Routes routes(Vertx vertx) {
        Catalog catalog = ports.outside().catalog();
        ClientDoor door = new ClientDoor(inner.relay(), ports.self(), answers);
        door.startTicking(vertx);
        RepeatDoor repeats = new RepeatDoor(config, inner.executions(), answers);
        repeats.startTicking(vertx);
        Admission admission =
                new Admission(
                        catalog, inner.queues(), ports.outside().clock(), config.times().startBy());
        Routes.Parts parts =
                new Routes.Parts(
                        config,
                        ports.edge(),
                        repeats,
                        admission,
                        inner.allowances(),
                        ports.claims(),
                        door,
                        new AllowedModels(catalog),
                        answers,
                        inner.readiness(),
                        inner.beside());
        return new Routes(parts, vertx, memory);
    }

    public int port() {
        return servers.getFirst().port();
    }

    @Override
    public void close() {
        if (!deployment.isEmpty()) {
            ports.vertx().undeploy(deployment).await();
            deployment = "";
        }
    }

    private record AllowedModels(Catalog catalog) implements ModelListing {
        @Override
        public List<ServedModel> of(Principal principal) {
            return catalog.models().stream()
                    .filter(model -> Admission.mayUse(principal, model))
                    .toList();
        }

        @Override
        public Optional<ServedModel> one(Principal principal, String model) {
            return Optional.ofNullable(catalog.find(model))
                    .filter(found -> Admission.mayUse(principal, found));
        }
    }
}
