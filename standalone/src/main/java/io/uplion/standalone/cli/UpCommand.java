// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

import io.uplion.catalog.live.ServedModel;
import io.uplion.gateway.GatewayConfig;
import io.uplion.platform.settings.Settings;
import io.uplion.standalone.Standalone;
import io.uplion.standalone.StandaloneConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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
        description = "Starts the platform in one process and prints where it is.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class UpCommand implements Callable<Integer> {
    /// Set by picocli before the command runs.
    @SuppressWarnings("NullAway.Init")
    @Spec
    private CommandSpec spec;

    @Mixin private DataOption data = new DataOption();

    @Option(
            names = "--port",
            defaultValue = "8080",
            description = "Where clients connect; 0 takes any free port (default: 8080).")
    private int port;

    @Option(
            names = "--host",
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
            description = "The AIModel manifests, *.yaml (default: DATA/models).")
    private @Nullable Path models;

    @Option(names = "--tls-cert", paramLabel = "FILE", description = "Certificate chain, PEM.")
    private @Nullable Path certificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "Its private key, PEM.")
    private @Nullable Path key;

    @Override
    public Integer call() throws InterruptedException {
        StandaloneConfig config = config();
        PrintWriter out = spec.commandLine().getOut();
        Ending ending = Ending.listening(out);
        try (Standalone platform = Standalone.start(config, Clock.systemUTC())) {
            ending.started(platform);
            announce(platform, out);
            ending.await();
        }
        return 0;
    }

    private StandaloneConfig config() {
        if (port < 0 || port > 65535) {
            throw new ParameterException(spec.commandLine(), "--port must be from 0 to 65535");
        }
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
                        managementPort == null ? (port == 0 ? 0 : port + 1) : managementPort,
                        directory,
                        models == null
                                ? directory.resolve("models")
                                : models.toAbsolutePath().normalize(),
                        models != null));
    }

    private void announce(Standalone platform, PrintWriter out) {
        platform.firstRun()
                .ifPresent(
                        first -> {
                            out.println(
                                    "first start: this is shown once, and kept in " + first.file());
                            out.println("  admin     " + first.email());
                            out.println("  password  " + first.password().reveal());
                            out.println("  API key   " + first.apiKey().reveal());
                        });
        String models =
                platform.models().stream()
                        .map(ServedModel::model)
                        .collect(Collectors.joining(", "));
        out.println("models: " + (models.isEmpty() ? "none" : models));
        out.println("metrics: " + "http://" + host + ":" + platform.managementPort() + "/metrics");
        out.println("ready: " + platform.url());
        out.flush();
    }
}
