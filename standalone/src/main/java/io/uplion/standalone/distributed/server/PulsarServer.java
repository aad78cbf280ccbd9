// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.server;

import io.uplion.queue.TaskQueue.QueueException;
import io.uplion.queue.pulsar.PulsarAdmin;
import io.uplion.queue.pulsar.PulsarTopics;
import io.uplion.standalone.distributed.process.ChildSpec;
import io.uplion.standalone.distributed.process.Command;
import io.uplion.standalone.distributed.process.KeptPorts;
import io.uplion.standalone.distributed.process.ProcessException;
import io.uplion.standalone.distributed.process.ReadyCheck;
import io.uplion.standalone.distributed.process.Supervisor;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A broker with its storage and metadata in one process, on loopback ports, the supervisor's child
/// `pulsar`. Its files are in `DATA/pulsar`.
public record PulsarServer(Ports ports) {
    private static final String NAME = "pulsar";
    private static final ChildSpec.Limits LIMITS =
            new ChildSpec.Limits(Duration.ofMinutes(3), Duration.ofSeconds(30));

    private static final ChildSpec.Limits TRAINING_LIMITS =
            new ChildSpec.Limits(Duration.ofMinutes(3), Duration.ofMinutes(2));

    /// Measured: ready in some seconds, 450 to 750 MB resident.
    private static final List<String> MEMORY =
            List.of("-Xms256m", "-Xmx1g", "-XX:MaxDirectMemorySize=1g", "-XX:+UseG1GC");

    private static final Pattern STORAGE = Pattern.compile("bookieHost: \"[^\"]*:(\\d{1,5})\"");

    /// What the distribution's own script tells Java.
    private static final List<String> JVM =
            List.of(
                    "--sun-misc-unsafe-memory-access=allow",
                    "--enable-native-access=ALL-UNNAMED",
                    "--add-opens=java.base/java.io=ALL-UNNAMED",
                    "--add-opens=java.base/java.nio=ALL-UNNAMED",
                    "--add-opens=java.base/java.util.zip=ALL-UNNAMED",
                    "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                    "--add-opens=java.base/jdk.internal.platform=ALL-UNNAMED",
                    "--add-opens=java.management/sun.management=ALL-UNNAMED",
                    "--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED",
                    "-Djava.net.preferIPv4Stack=true",
                    "-Dio.netty.tryReflectionSetAccessible=true",
                    "-Dorg.apache.pulsar.shade.io.netty.tryReflectionSetAccessible=true",
                    "-Dio.netty.recycler.maxCapacityPerThread=4096",
                    "-Dpulsar.allocator.exit_on_oom=true",
                    "-Dlog4j.shutdownHookEnabled=false",
                    "-Dlog4j2.is.webapp=false",
                    "-Dlog4j.configurationFile=" + PulsarSettings.LOGGING,
                    "-Dbookkeeper.metadata.bookie.drivers="
                            + "org.apache.pulsar.metadata.bookkeeper.PulsarMetadataBookieDriver",
                    "-Dbookkeeper.metadata.client.drivers="
                            + "org.apache.pulsar.metadata.bookkeeper.PulsarMetadataClientDriver");

    /// @param options of the JVM
    private record Run(List<String> options, ChildSpec.Limits limits) {}

    /// @param broker for clients
    /// @param admin for HTTP
    /// @param storage for the broker's own use
    public record Ports(int broker, int admin, int storage) {}

    /// Returns when the broker has taken a message and given it back, and our namespaces are there.
    ///
    /// @throws ProcessException in words for the person at the terminal
    public static PulsarServer start(Supervisor supervisor, Path data, PulsarDistribution pulsar) {
        Path cache = pulsar.cache();
        return start(
                supervisor,
                data,
                pulsar,
                new Run(
                        Files.exists(cache) ? List.of("-XX:AOTCache=" + cache) : List.of(),
                        LIMITS));
    }

    /// The same, and at its end it writes a cache for later starts, which takes its time.
    ///
    /// @param cache where to
    public static PulsarServer startInTraining(
            Supervisor supervisor, Path data, PulsarDistribution pulsar, Path cache) {
        return start(
                supervisor,
                data,
                pulsar,
                new Run(List.of("-XX:AOTCacheOutput=" + cache), TRAINING_LIMITS));
    }

    private static PulsarServer start(
            Supervisor supervisor, Path data, PulsarDistribution pulsar, Run run) {
        try {
            Path directory = Files.createDirectories(data.toRealPath().resolve(NAME));
            KeptPorts kept = supervisor.ports();
            Ports ports =
                    new Ports(
                            kept.port(NAME),
                            kept.port("pulsar-admin"),
                            storagePort(kept, directory));
            PulsarServer server = new PulsarServer(ports);
            PulsarSettings.write(directory, pulsar, ports);
            supervisor.start(List.of(server.child(directory, pulsar, run)));
            server.prepare();
            return server;
        } catch (IOException | QueueException e) {
            throw new ProcessException("Pulsar did not start: " + e.getMessage(), e);
        }
    }

    private void prepare() {
        try (PulsarAdmin admin = new PulsarAdmin(adminUrl())) {
            new PulsarTopics(admin).prepare();
        }
    }

    /// What is stored is bound to the address that its storage had: a cookie beside it says which.
    private static int storagePort(KeptPorts kept, Path directory) throws IOException {
        Path cookie = directory.resolve("bookkeeper").resolve("current").resolve("VERSION");
        if (Files.notExists(cookie)) {
            return kept.port("pulsar-storage");
        }
        Matcher address = STORAGE.matcher(Files.readString(cookie));
        if (!address.find()) {
            throw new ProcessException(cookie + " does not say where Pulsar's storage was");
        }
        int port = Integer.parseInt(address.group(1));
        if (!KeptPorts.isFree(port)) {
            throw new ProcessException(
                    "port "
                            + port
                            + " of 127.0.0.1 is taken, and what Pulsar stored in "
                            + directory
                            + " is bound to it: stop the program that has it");
        }
        return port;
    }

    /// For clients, for example `pulsar://127.0.0.1:20650`.
    public String serviceUrl() {
        return "pulsar://127.0.0.1:" + ports.broker();
    }

    /// For its administration, for example `http://127.0.0.1:20651`.
    public String adminUrl() {
        return "http://127.0.0.1:" + ports.admin();
    }

    private ChildSpec child(Path directory, PulsarDistribution pulsar, Run run) {
        return new ChildSpec(
                NAME,
                new Command.Program(line(directory, pulsar, run), directory, Map.of()),
                ReadyCheck.http(URI.create(adminUrl() + "/admin/v2/brokers/health")),
                Map.of(NAME, serviceUrl(), "pulsar-admin", adminUrl()),
                run.limits());
    }

    /// Java itself and not the distribution's script, which breaks on paths with blanks; and paths
    /// that are relative, for Pulsar puts them into addresses and breaks on them as well.
    private List<String> line(Path directory, PulsarDistribution pulsar, Run run) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.add("-Duplion.data=" + directory);
        line.addAll(MEMORY);
        line.addAll(JVM);
        line.addAll(run.options());
        line.addAll(
                List.of("-cp", pulsar.classPath(), "org.apache.pulsar.PulsarStandaloneStarter"));
        line.addAll(List.of("--config", PulsarSettings.FILE, "-nss", "-nfw"));
        line.addAll(List.of("--metadata-url", "rocksdb:metadata"));
        line.addAll(List.of("--bookkeeper-dir", "bookkeeper"));
        line.addAll(List.of("--bookkeeper-port", Integer.toString(ports.storage())));
        line.addAll(List.of("--advertised-address", "127.0.0.1"));
        return line;
    }
}
