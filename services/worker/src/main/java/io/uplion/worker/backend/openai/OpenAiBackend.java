// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.openai;

import io.uplion.catalog.Serving.Remote;
import io.uplion.openai.SseFrames;
import io.uplion.worker.WorkerConfig;
import io.uplion.worker.backend.Backend;
import io.uplion.worker.network.PinnedHost;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// A provider, or a server beside us, that speaks OpenAI's wire.
public final class OpenAiBackend implements Backend {
    private final Remote remote;
    private final Supplier<Optional<String>> apiKey;
    private final WorkerConfig config;
    private final AnswerMemory memory;
    private final PinnedHost host;
    private final LoopClients clients;
    private final int port;
    private final boolean tls;

    /// @param apiKey asked for each call, so that a corrected secret is used without a restart
    /// @param memory of all backends of this process
    /// @param connections as many as the pool has slots: all may be on one event loop
    public OpenAiBackend(
            Vertx vertx,
            Remote remote,
            Supplier<Optional<String>> apiKey,
            WorkerConfig config,
            AnswerMemory memory,
            int connections) {
        this.remote = remote;
        this.apiKey = apiKey;
        this.config = config;
        this.memory = memory;
        URI base = remote.baseUrl();
        this.tls = base.getScheme().equals("https");
        this.port = base.getPort() >= 0 ? base.getPort() : (tls ? 443 : 80);
        this.host = new PinnedHost(base.getHost(), config.networks());
        this.clients =
                new LoopClients(
                        () ->
                                vertx.httpClientBuilder()
                                        .with(options(config))
                                        .with(pool(connections))
                                        .withConnectHandler(OpenAiBackend::opened)
                                        .build());
    }

    /// What happens to a connection is told to its request, and needs no line of its own in the
    /// log.
    private static void opened(HttpConnection connection) {
        connection.exceptionHandler(_ -> {});
    }

    static HttpClientOptions options(WorkerConfig config) {
        return new HttpClientOptions()
                .setConnectTimeout((int) config.connect().toMillis())
                .setTcpNoDelay(true)
                .setKeepAliveTimeout(60)
                .setMaxHeaderSize(64 << 10);
    }

    private static PoolOptions pool(int connections) {
        return new PoolOptions().setHttp1MaxSize(connections).setMaxWaitQueueSize(-1);
    }

    @Override
    public Call start(Request request, Consumer<Signal> signals) {
        ContextInternal loop = ContextInternal.current();
        OpenAiCall call = new OpenAiCall(request.head(), signals, config.maxAnswerBytes(), memory);
        host.address()
                .whenComplete(
                        (address, failure) ->
                                loop.runOnContext(
                                        _ -> {
                                            if (failure == null) {
                                                open(call, request, address);
                                            } else {
                                                call.unreachable(failure);
                                            }
                                        }));
        return call;
    }

    private void open(OpenAiCall call, Request request, InetAddress address) {
        if (call.isOver()) {
            return;
        }
        Optional<String> key = apiKey.get();
        if (remote.apiKey().isPresent() && key.isEmpty()) {
            call.misconfigured("the provider's API key is not where the manifest says it is");
            return;
        }
        if (!key.stream().allMatch(OpenAiBackend::fitsAHeader)) {
            call.misconfigured("the provider's API key has characters that no key has");
            return;
        }
        List<ByteBuffer> body = request.head().forUpstream(request.body(), remote.upstreamModel());
        clients.ofThisLoop()
                .request(target(request, address, key))
                .onComplete(
                        opened -> {
                            if (opened.succeeded()) {
                                call.send(opened.result(), body, new Redaction(key));
                            } else {
                                call.unreachable(opened.cause());
                            }
                        });
    }

    /// A second line in the secret's file, for example.
    private static boolean fitsAHeader(String key) {
        return key.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    private RequestOptions target(Request request, InetAddress address, Optional<String> key) {
        RequestOptions target =
                new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setServer(SocketAddress.inetSocketAddress(port, address.getHostAddress()))
                        .setHost(remote.baseUrl().getHost())
                        .setPort(port)
                        .setSsl(tls)
                        .setURI(remote.baseUrl().getRawPath() + request.head().endpoint().path())
                        .putHeader("content-type", "application/json")
                        .putHeader("user-agent", "uplion")
                        .putHeader(
                                "accept",
                                request.head().stream()
                                        ? SseFrames.CONTENT_TYPE
                                        : "application/json");
        key.ifPresent(secret -> target.putHeader("authorization", "Bearer " + secret));
        return target;
    }

    @Override
    public void close() {
        clients.close();
    }
}
