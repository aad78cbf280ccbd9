// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

import io.uplion.gateway.GatewayConfig;
import io.uplion.platform.settings.Settings;
import io.uplion.standalone.Distributed;
import io.uplion.standalone.Running;
import io.uplion.standalone.Standalone;
import io.uplion.standalone.StandaloneConfig;
import io.uplion.standalone.distributed.DistributedConfig;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `./uplion up`.
@Command(
        name = "up",
        description = "Starts the platform and prints where it is.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class UpCommand implements Callable<Integer> {
    private static final int MOST_PROCESSES = 50;
    private static final int LAST_PORT = 65_535;

    /// Set by picocli before the command runs.
    @SuppressWarnings("NullAway.Init")
    @Spec
    private CommandSpec spec;

    @Mixin private DataOption data = new DataOption();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "Where clients connect; 0 takes any free port (default: 8080).")
    private int port;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "The address to listen on (default: 127.0.0.1, this machine only).")
    private String host = "127.0.0.1";

    @Option(
            names = "--management-port",
            paramLabel = "PORT",
            description = "Metrics and health (default: PORT + 1; any with --port 0).")
    private @Nullable Integer managementPort;

    @Option(
            names = "--models",
            paramLabel = "DIR",
            description = "The AIModel manifests, *.yaml and *.yml (default: DATA/models).")
    private @Nullable Path models;

    @Option(names = "--tls-cert", paramLabel = "FILE", description = "Certificate chain, PEM.")
    private @Nullable Path certificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "Its private key, PEM.")
    private @Nullable Path key;

    @Option(
            names = "--distributed",
            description = "Each service as a process of its own, over Pulsar and Redis.")
    private boolean distributed;

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "1",
            description = "Worker processes of each AIModel, with --distributed (default: 1).")
    private int workers;

    @Option(
            names = "--gateways",
            paramLabel = "N",
            defaultValue = "1",
            description = "Gateway processes, with --distributed (default: 1).")
    private int gateways;

    @Override
    public Integer call() throws InterruptedException {
        StandaloneConfig config = config();
        PrintWriter out = spec.commandLine().getOut();
        Ending ending = Ending.listening(out);
        try (Running platform = start(config, out)) {
            ending.started(platform);
            announce(platform, out);
            ending.await();
        }
        return 0;
    }

    private Running start(StandaloneConfig config, PrintWriter out) {
        if (!distributed) {
            return Standalone.start(config, Clock.systemUTC());
        }
        DistributedConfig form =
                new DistributedConfig(
                        config.options(), gateways, workers, System.getenv(), inherited());
        return Distributed.start(
                form,
                line -> {
                    out.println(line);
                    out.flush();
                });
    }

    /// The children's JVMs are like this one, but for their memory.
    private static List<String> inherited() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> !option.startsWith("-Xm") && !option.startsWith("-D"))
                .filter(option -> !option.startsWith("-XX:MaxDirectMemorySize"))
                .toList();
    }

    private void check() {
        within("--port", port, 0, LAST_PORT);
        within("--workers", workers, 1, MOST_PROCESSES);
        within("--gateways", gateways, 1, MOST_PROCESSES);
        if (!distributed && (workers != 1 || gateways != 1)) {
            throw new ParameterException(
                    spec.commandLine(), "--workers and --gateways need --distributed");
        }
    }

    private void within(String option, int number, int least, int most) {
        if (number < least || number > most) {
            throw new ParameterException(
                    spec.commandLine(), option + " must be from " + least + " to " + most);
        }
    }

    private int managementPort() {
        if (managementPort == null) {
            if (port == LAST_PORT) {
                throw new CommandFailure(
                        "there is no port after " + port + "; choose one with --management-port");
            }
            return port == 0 ? 0 : port + 1;
        }
        within("--management-port", managementPort, 0, LAST_PORT);
        if (port != 0 && managementPort == port) {
            throw new CommandFailure(
                    "--port and --management-port are both " + port + "; choose two");
        }
        return managementPort;
    }

    /// What the command line and the settings say together.
    StandaloneConfig config() {
        check();
        if ((certificate == null) != (key == null)) {
            throw new ParameterException(
                    spec.commandLine(), "--tls-cert and --tls-key go together");
        }
        Optional<GatewayConfig.Tls> tls =
                certificate == null || key == null
                        ? Optional.empty()
                        : Optional.of(new GatewayConfig.Tls(certificate, key));
        Path directory = data.directory();
        return StandaloneConfig.read(
                new Settings(System.getenv()),
                System.getenv(),
                new StandaloneConfig.Options(
                        new GatewayConfig.Address(host, port, tls),
                        managementPort(),
                        directory,
                        models == null
                                ? directory.resolve("models")
                                : DataOption.named("--models", models),
                        models != null));
    }

    private void announce(Running platform, PrintWriter out) {
        platform.firstRun()
                .ifPresent(
                        first -> {
                            out.println(
                                    "first start: this is shown once, and kept in " + first.file());
                            out.println("  admin     " + first.email());
                            out.println("  password  " + first.password().reveal());
                            out.println("  API key   " + first.apiKey().reveal());
                        });
        String models = String.join(", ", platform.models());
        out.println("models: " + (models.isEmpty() ? "none" : models));
        // Plain HTTP also where clients connect by HTTPS.
        String management =
                new GatewayConfig.Address(host, 0, Optional.empty()).url(platform.managementPort());
        out.println("metrics: " + management + "/metrics");
        out.println("ready: " + platform.url());
        out.flush();
    }
}
