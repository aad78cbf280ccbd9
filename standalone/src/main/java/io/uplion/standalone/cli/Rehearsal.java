// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.uplion.access.authz.AccessServer;
import io.uplion.access.authz.AccessServerConfig;
import io.uplion.billing.BillingServer;
import io.uplion.billing.BillingServerConfig;
import io.uplion.gateway.GatewayService;
import io.uplion.gateway.GatewayServiceConfig;
import io.uplion.openai.Endpoint;
import io.uplion.platform.settings.Settings;
import io.uplion.portal.PortalConfig;
import io.uplion.portal.PortalServer;
import io.uplion.queue.pulsar.PulsarAdmin;
import io.uplion.queue.pulsar.PulsarConnection;
import io.uplion.queue.pulsar.PulsarTasks;
import io.uplion.queue.pulsar.PulsarTopics;
import io.uplion.standalone.distributed.server.PulsarServer;
import io.uplion.task.Task;
import io.uplion.worker.WorkerService;
import io.uplion.worker.WorkerServiceConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/// What only the processes of the distributed form do, done once in the training run: their classes
/// belong into the cache, too. There is a broker, which is in training itself; there is no Redis.
final class Rehearsal {
    private static final String NOBODY = "127.0.0.1:1";
    private static final long SECONDS = 3;
    private static final String MODEL = "rehearsal";

    private static final String MANIFEST =
            """
            apiVersion: uplion.io/v1alpha1
            kind: AIModel
            metadata: {name: rehearsal}
            spec: {type: local, local: {engine: simulator}}
            """;

    private Rehearsal() {}

    /// @param directory to be thrown away afterwards
    /// @param pulsar answers, and has the namespaces
    static void run(Path directory, PulsarServer pulsar) throws IOException, InterruptedException {
        try (PulsarAdmin admin = new PulsarAdmin(pulsar.adminUrl())) {
            new PulsarTopics(admin).createTopic(MODEL);
        }
        Settings settings = new Settings(environment(directory, pulsar));
        Clock clock = Clock.systemUTC();
        try (PortalServer _ = PortalServer.start(PortalConfig.read(settings));
                BillingServer _ =
                        BillingServer.start(
                                BillingServerConfig.read(settings), new SimpleMeterRegistry());
                AccessServer _ = AccessServer.start(AccessServerConfig.read(settings), clock);
                GatewayService _ =
                        GatewayService.start(
                                GatewayServiceConfig.read(settings),
                                new SimpleMeterRegistry(),
                                clock);
                WorkerService _ =
                        WorkerService.start(
                                WorkerServiceConfig.read(settings, Map.of()),
                                new SimpleMeterRegistry(),
                                clock)) {
            publish(pulsar, settings.text("UPLION_GATEWAY_REPLY_ADDRESS", NOBODY));
            TimeUnit.SECONDS.sleep(SECONDS);
        }
    }

    /// The worker gets it, and hears from the gateway that there is no such task.
    private static void publish(PulsarServer pulsar, String gateway) {
        UUID nobody = UUID.randomUUID();
        Task task =
                new Task(
                        nobody,
                        MODEL,
                        Endpoint.CHAT,
                        true,
                        Instant.now().plusSeconds(SECONDS),
                        new Task.Gateway(gateway, nobody),
                        "none",
                        new Task.Inline("{}".getBytes(StandardCharsets.UTF_8)));
        try (PulsarConnection connection = PulsarConnection.open(pulsar.serviceUrl());
                PulsarTasks tasks =
                        new PulsarTasks(connection, Runnable::run, _ -> Optional.empty())) {
            tasks.publish(task).toCompletableFuture().join();
        }
    }

    private static Map<String, String> environment(Path directory, PulsarServer pulsar)
            throws IOException {
        Path manifest = Files.writeString(directory.resolve("rehearsal.yaml"), MANIFEST);
        String secret = UUID.randomUUID().toString();
        String access = freePort();
        String reply = freePort();
        Map<String, String> settings = new HashMap<>();
        settings.put("UPLION_PULSAR_URL", pulsar.serviceUrl());
        settings.put("UPLION_PULSAR_ADMIN_URL", pulsar.adminUrl());
        settings.put("UPLION_REDIS_URL", "redis://" + NOBODY);
        settings.put("UPLION_IDENTITY_SECRET", secret);
        for (String service : List.of("ACCESS", "PORTAL", "BILLING")) {
            String database = "UPLION_" + service + "_DATABASE_";
            settings.put(database + "URL", "jdbc:postgresql://" + NOBODY + "/uplion");
            settings.put(database + "PASSWORD", secret);
        }
        settings.put("UPLION_GATEWAY_CLAIM_SECRET", secret);
        settings.put("UPLION_BILLING_CLAIM_SECRET", secret);
        settings.put("UPLION_ACCESS_PORT", access);
        settings.put("UPLION_GATEWAY_ACCESS", "127.0.0.1:" + access);
        settings.put("UPLION_GATEWAY_PORT", "0");
        settings.put("UPLION_GATEWAY_DRAIN", "1ms");
        settings.put("UPLION_GATEWAY_LEAVE", "1ms");
        settings.put("UPLION_GATEWAY_REPLY_PORT", reply);
        settings.put("UPLION_GATEWAY_REPLY_ADDRESS", "127.0.0.1:" + reply);
        settings.put("UPLION_WORKER_MANIFEST", manifest.toString());
        return settings;
    }

    private static String freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Integer.toString(socket.getLocalPort());
        }
    }
}
