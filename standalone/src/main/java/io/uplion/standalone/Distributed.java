// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.uplion.platform.management.ManagementServer;
import io.uplion.standalone.data.ClaimSecret;
import io.uplion.standalone.data.DataDirectory;
import io.uplion.standalone.data.FirstRun;
import io.uplion.standalone.distributed.DistributedConfig;
import io.uplion.standalone.distributed.PoolProcesses;
import io.uplion.standalone.distributed.Servers;
import io.uplion.standalone.distributed.ServiceSpecs;
import io.uplion.standalone.distributed.process.ChildSpec;
import io.uplion.standalone.distributed.process.ForeignProcess;
import io.uplion.standalone.distributed.process.Supervisor;
import io.uplion.standalone.distributed.proxy.ProxyConfig;
import io.uplion.standalone.distributed.proxy.ReverseProxy;
import io.uplion.standalone.distributed.server.PulsarDistribution;
import io.uplion.standalone.distributed.server.PulsarServer;
import io.uplion.standalone.distributed.server.RedisServer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/// The cluster's processes on one machine, with this one as their parent: composition root of `up
/// --distributed`.
public final class Distributed implements Running {
    private static final Duration IDLE = Duration.ofSeconds(60);
    private static final Duration SLOW_CLIENT = Duration.ofSeconds(60);

    private static final String POSTGRES = "postgres";

    private final Parts parts;
    private final Storage storage;
    private final Supervisor supervisor;
    private final PoolProcesses pools;
    private final ManagementServer management;
    private final Optional<FirstRun> firstRun;
    private final String url;

    private Distributed(DistributedConfig config, Consumer<String> say, Parts parts)
            throws IOException {
        StandaloneConfig.Options options = config.options();
        this.parts = parts;
        Ports.requireFree(options);
        PulsarDistribution distribution = PulsarDistribution.find(config.environment());
        DataDirectory data = options.hold(parts);
        Path run = data.path().toRealPath().resolve("run");
        ForeignProcess.forget(run, POSTGRES);
        parts.add(() -> ForeignProcess.forget(run, POSTGRES));
        Storage.Opening opening = parts.add(Storage.Opening.of(options.data()));
        PrometheusMeterRegistry meters = JvmMeters.registry();
        this.supervisor = parts.add(Supervisor.open(options.data(), say, meters));
        Servers servers = servers(distribution, data, opening, run);
        this.storage = opening.opened();
        storage.show(supervisor.show(POSTGRES, run.resolveSibling("postgres.log")));
        this.firstRun = FirstRun.make(storage.database(), data.path(), Clock.systemUTC());
        supervisor.endpoints().put(POSTGRES, servers.database().url());
        ServiceSpecs specs = new ServiceSpecs(config, supervisor.ports(), servers, run);
        supervisor.start(
                List.of(specs.access(), specs.portal(), specs.controller(), specs.billing()));
        this.pools = parts.add(new PoolProcesses(supervisor, specs, config.workers(), say));
        List<ChildSpec> gateways = specs.gateways();
        CompletableFuture<Void> workers = CompletableFuture.runAsync(pools::start);
        supervisor.start(gateways);
        workers.join();
        ReverseProxy proxy = proxy(config, specs, gateways);
        this.url = options.address().url(proxy.port());
        supervisor.endpoints().put("proxy", url);
        this.management =
                parts.add(
                        ManagementServer.start(
                                new InetSocketAddress(
                                        InetAddress.getByName(options.address().host()),
                                        options.managementPort()),
                                meters,
                                proxy::isReady));
        firstRun.ifPresentOrElse(first -> first.write(url), () -> FirstRun.moved(data.path(), url));
    }

    private ReverseProxy proxy(
            DistributedConfig config, ServiceSpecs specs, List<ChildSpec> gateways) {
        Vertx vertx = Vertx.vertx();
        parts.add(() -> vertx.close().await());
        config.options().address().tls().ifPresent(tls -> TlsFiles.require(tls, vertx));
        ReverseProxy proxy =
                parts.add(
                        ReverseProxy.start(
                                vertx,
                                new ProxyConfig(
                                        config.options().address(),
                                        IDLE,
                                        SLOW_CLIENT,
                                        gateways.stream().map(specs::upstream).toList(),
                                        List.of(specs.upstream(specs.portal())))));
        // Stopped before the proxy: they finish what runs through it.
        parts.add(() -> supervisor.stop(gateways.stream().map(ChildSpec::name).toList()));
        return proxy;
    }

    /// @param say takes lines for the person at the terminal
    /// @throws StartException in words for the same
    public static Distributed start(DistributedConfig config, Consumer<String> say) {
        Parts parts = new Parts();
        try {
            return new Distributed(config, say, parts);
        } catch (IOException e) {
            parts.close();
            throw new StartException(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            parts.close();
            throw StartException.of(e, config.options().address());
        }
    }

    /// All at once: each takes seconds to start, and none needs another.
    private Servers servers(
            PulsarDistribution distribution, DataDirectory data, Storage.Opening opening, Path run)
            throws IOException {
        CompletableFuture<PulsarServer> pulsar =
                CompletableFuture.supplyAsync(
                        () -> PulsarServer.start(supervisor, data.path(), distribution));
        CompletableFuture<RedisServer> redis =
                CompletableFuture.supplyAsync(() -> RedisServer.start(supervisor, data.path()));
        try {
            return Servers.of(
                    pulsar.join(),
                    redis.join(),
                    opening.opened().config(),
                    ClaimSecret.in(data),
                    run);
        } catch (CompletionException e) {
            // What the other one has begun is stopped with the supervisor.
            CompletableFuture.allOf(pulsar, redis).exceptionally(_ -> null).join();
            throw e.getCause() instanceof RuntimeException known ? known : e;
        }
    }

    @Override
    public String url() {
        return url;
    }

    @Override
    public int managementPort() {
        return management.port();
    }

    @Override
    public List<String> models() {
        return pools.models();
    }

    @Override
    public Optional<FirstRun> firstRun() {
        return firstRun;
    }

    @Override
    public void abandon() {
        supervisor.abandon();
        storage.abandon();
    }

    @Override
    public void close() {
        parts.close();
    }
}
