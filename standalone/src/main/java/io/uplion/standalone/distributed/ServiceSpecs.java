// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed;

import io.uplion.access.authz.AccessMain;
import io.uplion.billing.BillingMain;
import io.uplion.catalog.AIModel;
import io.uplion.gateway.GatewayMain;
import io.uplion.portal.PortalMain;
import io.uplion.standalone.distributed.controller.ControllerMain;
import io.uplion.standalone.distributed.process.ChildSpec;
import io.uplion.standalone.distributed.process.Command;
import io.uplion.standalone.distributed.process.KeptPorts;
import io.uplion.standalone.distributed.process.ReadyCheck;
import io.uplion.standalone.distributed.proxy.Upstream;
import io.uplion.worker.WorkerMain;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Our own services as children: which main class, which settings, when it is ready.
public final class ServiceSpecs {
    /// Most take two seconds; where many processes start on few processors, all take longer.
    private static final Duration START = Duration.ofMinutes(3);

    private static final String LOOPBACK = "127.0.0.0/8, ::1/128";
    private static final List<String> SMALL = List.of("-Xms16m", "-Xmx256m");
    private static final List<String> LARGE = List.of("-Xms32m", "-Xmx512m");

    private final DistributedConfig config;
    private final KeptPorts ports;
    private final Servers servers;
    private final StopTimes stopTimes;

    /// @param run the run directory
    public ServiceSpecs(DistributedConfig config, KeptPorts ports, Servers servers, Path run) {
        this.config = config;
        this.ports = ports;
        this.servers = servers;
        this.stopTimes = new StopTimes(config.environment(), new WantedPools(run.resolve("pools")));
    }

    public ChildSpec access() {
        Map<String, String> settings = new HashMap<>(servers.settings());
        settings.put("UPLION_ACCESS_PORT", port("access"));
        // Only our own reverse proxy stands before the gateways, and it is on this machine.
        settings.put(
                "UPLION_ACCESS_TRUSTED_PROXIES",
                config.environment().getOrDefault("UPLION_ACCESS_TRUSTED_PROXIES", LOOPBACK));
        settings.put("UPLION_ACCESS_DATABASE_URL", servers.database().url());
        settings.put("UPLION_ACCESS_DATABASE_USER", servers.database().user());
        settings.put("UPLION_ACCESS_DATABASE_PASSWORD_FILE", servers.databasePassword().toString());
        settings.put("UPLION_IDENTITY_SECRET_FILE", servers.identitySecret().toString());
        return service(
                "access",
                "ACCESS",
                AccessMain.class,
                new Extra(settings, SMALL, () -> StopTimes.MARGIN));
    }

    public ChildSpec portal() {
        Map<String, String> settings = new HashMap<>(servers.settings());
        settings.put("UPLION_PORTAL_PORT", port("portal"));
        settings.put("UPLION_PORTAL_TRUSTED_PROXIES", LOOPBACK);
        settings.put("UPLION_PORTAL_DATABASE_URL", servers.database().url());
        settings.put("UPLION_PORTAL_DATABASE_USER", servers.database().user());
        settings.put("UPLION_PORTAL_DATABASE_PASSWORD_FILE", servers.databasePassword().toString());
        return service(
                "portal",
                "PORTAL",
                PortalMain.class,
                new Extra(settings, SMALL, () -> StopTimes.MARGIN));
    }

    public ChildSpec billing() {
        Map<String, String> settings = new HashMap<>(servers.settings());
        settings.put("UPLION_BILLING_DATABASE_URL", servers.database().url());
        settings.put("UPLION_BILLING_DATABASE_USER", servers.database().user());
        settings.put(
                "UPLION_BILLING_DATABASE_PASSWORD_FILE", servers.databasePassword().toString());
        settings.put("UPLION_BILLING_CLAIM_SECRET_FILE", servers.claimSecret().toString());
        return service(
                "billing",
                "BILLING",
                BillingMain.class,
                new Extra(settings, SMALL, () -> StopTimes.MARGIN));
    }

    public ChildSpec controller() {
        Map<String, String> settings = new HashMap<>(servers.settings());
        settings.put("UPLION_CONTROLLER_MODELS", config.options().models().toString());
        settings.put("UPLION_CONTROLLER_POOLS", wantedPools().directory().toString());
        settings.put("UPLION_CONTROLLER_WORKERS", Integer.toString(config.workers()));
        return service(
                "controller",
                "CONTROLLER",
                ControllerMain.class,
                new Extra(settings, SMALL, () -> StopTimes.MARGIN));
    }

    /// Where the controller says what workers there should be.
    WantedPools wantedPools() {
        return stopTimes.pools();
    }

    public List<ChildSpec> gateways() {
        List<ChildSpec> gateways = new ArrayList<>();
        for (int i = 1; i <= config.gateways(); i++) {
            gateways.add(gateway("gateway-" + i));
        }
        return gateways;
    }

    private ChildSpec gateway(String name) {
        Map<String, String> settings = new HashMap<>(servers.settings());
        settings.put("UPLION_GATEWAY_PORT", port(name));
        settings.put("UPLION_GATEWAY_REPLY_PORT", port(name + "-reply"));
        settings.put("UPLION_GATEWAY_ACCESS", "127.0.0.1:" + port("access"));
        settings.put("UPLION_IDENTITY_SECRET_FILE", servers.identitySecret().toString());
        settings.put("UPLION_GATEWAY_CLAIM_SECRET_FILE", servers.claimSecret().toString());
        return service(
                name, "GATEWAY", GatewayMain.class, new Extra(settings, LARGE, stopTimes::gateway));
    }

    /// A gateway or the portal as the reverse proxy sees it.
    public Upstream upstream(ChildSpec gateway) {
        URI health = URI.create("http://127.0.0.1:" + port(gateway.name() + "-health") + "/readyz");
        URI url = URI.create("http://127.0.0.1:" + port(gateway.name()));
        return new Upstream(gateway.name(), url, health);
    }

    ChildSpec worker(String name, AIModel pool) {
        Map<String, String> settings = new HashMap<>(servers.settings());
        settings.put("UPLION_WORKER_NAME", name);
        settings.put("UPLION_WORKER_MANIFEST", wantedPools().file(pool).toString());
        settings.put("UPLION_WORKER_SECRETS", config.options().models().toString());
        // On one machine the engines are beside us.
        settings.putIfAbsent(
                "UPLION_WORKER_ALLOWED_NETWORKS",
                config.environment().getOrDefault("UPLION_WORKER_ALLOWED_NETWORKS", LOOPBACK));
        return service(
                name,
                "WORKER",
                WorkerMain.class,
                new Extra(settings, LARGE, () -> stopTimes.worker(pool)));
    }

    /// @param heap options for the child's JVM
    /// @param stop after SIGTERM it may take so long
    private record Extra(
            Map<String, String> settings, List<String> heap, Supplier<Duration> stop) {}

    private ChildSpec service(String name, String kind, Class<?> main, Extra extra) {
        String health = port(name + "-health");
        Map<String, String> settings = new HashMap<>(extra.settings());
        settings.put("UPLION_" + kind + "_MANAGEMENT_PORT", health);
        List<String> jvm = new ArrayList<>(config.jvm());
        jvm.addAll(extra.heap());
        String management = "http://127.0.0.1:" + health;
        return new ChildSpec(
                name,
                new Command.Java(main.getName(), jvm, settings),
                ReadyCheck.http(URI.create(management + "/readyz")),
                endpoints(name, kind, management),
                new ChildSpec.Limits(START, extra.stop()));
    }

    /// A gateway's own address, and where all others answer for their health.
    private Map<String, String> endpoints(String name, String kind, String management) {
        return kind.equals("GATEWAY")
                ? Map.of(name, "http://127.0.0.1:" + port(name), name + "-health", management)
                : Map.of(name, management);
    }

    private String port(String name) {
        return Integer.toString(ports.port(name));
    }
}
