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
import io.uplion.platform.settings.Settings;
import io.uplion.portal.PortalConfig;
import io.uplion.portal.PortalServer;
import io.uplion.task.Attach;
import io.uplion.task.ReplyDesk.ReplyStream;
import io.uplion.task.Task;
import io.uplion.worker.WorkerService;
import io.uplion.worker.WorkerServiceConfig;
import io.uplion.worker.reply.GrpcReplyDesk;
import io.uplion.worker.reply.GrpcReplyDeskConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// What only the processes of the distributed form do, done once in the training run: their classes
/// belong into the cache, too. There is no broker and no Redis here. What is said only to one that
/// answers is named.
final class Rehearsal {
    private static final String NOBODY = "127.0.0.1:1";
    private static final long SECONDS = 3;

    private static final String MANIFEST =
            """
            apiVersion: uplion.io/v1alpha1
            kind: AIModel
            metadata: {name: rehearsal}
            spec: {type: local, local: {engine: simulator}}
            """;

    /// Each brings along what it is made of.
    private static final List<String> OF_AN_ANSWERING_BROKER =
            List.of(
                    "org.apache.pulsar.client.impl.ConsumerImpl",
                    "org.apache.pulsar.client.impl.ZeroQueueConsumerImpl",
                    "org.apache.pulsar.client.impl.ProducerImpl",
                    "org.apache.pulsar.client.impl.BatchMessageContainerImpl",
                    "org.apache.pulsar.common.api.proto.MessageMetadata",
                    "org.apache.pulsar.common.api.proto.MessageIdData");

    private Rehearsal() {}

    /// @param directory to be thrown away afterwards
    static void run(Path directory) throws IOException, InterruptedException {
        Settings settings = new Settings(environment(directory));
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
            attach(settings.text("UPLION_GATEWAY_REPLY_ADDRESS", NOBODY));
            for (String name : OF_AN_ANSWERING_BROKER) {
                load(name);
            }
            TimeUnit.SECONDS.sleep(SECONDS);
        }
    }

    private static Map<String, String> environment(Path directory) throws IOException {
        Path manifest = Files.writeString(directory.resolve("rehearsal.yaml"), MANIFEST);
        String secret = UUID.randomUUID().toString();
        String access = freePort();
        String reply = freePort();
        Map<String, String> settings = new HashMap<>();
        settings.put("UPLION_PULSAR_URL", "pulsar://" + NOBODY);
        settings.put("UPLION_PULSAR_ADMIN_URL", "http://" + NOBODY);
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

    /// To a gateway that knows no such task, and says so.
    private static void attach(String gateway) throws InterruptedException {
        CountDownLatch answered = new CountDownLatch(1);
        try (GrpcReplyDesk desk = GrpcReplyDesk.start(GrpcReplyDeskConfig.DEFAULT)) {
            UUID nobody = UUID.randomUUID();
            ReplyStream stream =
                    desk.attach(
                            new Attach(
                                    nobody,
                                    new Task.Gateway(gateway, nobody),
                                    "none",
                                    "rehearsal",
                                    "rehearsal"),
                            _ -> answered.countDown());
            answered.await(SECONDS, TimeUnit.SECONDS);
            stream.close();
        }
    }

    /// A library that no longer has it is no reason not to train.
    private static void load(String name) {
        try {
            Class.forName(name);
        } catch (ClassNotFoundException _) {
            // The cache is a little smaller.
        }
    }
}
