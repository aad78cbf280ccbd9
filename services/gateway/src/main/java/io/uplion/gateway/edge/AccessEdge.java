// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.edge;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.MoreExecutors;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext;
import io.envoyproxy.envoy.service.auth.v3.AuthorizationGrpc;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.envoyproxy.envoy.service.auth.v3.DeniedHttpResponse;
import io.envoyproxy.envoy.service.auth.v3.OkHttpResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.uplion.openai.ErrorCode;
import io.uplion.openai.OpenAiError;
import io.uplion.platform.identity.IdentityToken;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Without a mesh: asks `access` itself, as Envoy would. What the client says of its identity is
/// not read.
public final class AccessEdge implements Edge, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AccessEdge.class);
    private static final String LIMITS = "x-ratelimit-";
    private static final long KEEP_ALIVE_SECONDS = 5;
    private static final long WARM_UP_SECONDS = 10;

    private final ManagedChannel channel;
    private final AuthorizationGrpc.AuthorizationFutureStub stub;
    private final IdentityToken identities;
    private final long patienceMillis;
    private volatile boolean warm;

    /// @param target for example `127.0.0.1:9191`, or `dns:///access:9191`
    /// @param patience how long a request waits for the answer
    public AccessEdge(String target, IdentityToken identities, Duration patience) {
        this.channel =
                NettyChannelBuilder.forTarget(target)
                        .usePlaintext()
                        .directExecutor()
                        .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                        .keepAliveTimeout(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                        .build();
        this.stub = AuthorizationGrpc.newFutureStub(channel);
        this.identities = identities;
        this.patienceMillis = patience.toMillis();
        LostConnections.watch(channel);
        warmUp();
    }

    /// The first question of a process takes long: it connects, and loads what both sides need. It
    /// is asked before a request has to wait for it.
    private void warmUp() {
        Credentials nobody = new Credentials(null, null, null);
        Futures.addCallback(
                stub.withWaitForReady()
                        .withDeadlineAfter(WARM_UP_SECONDS, TimeUnit.SECONDS)
                        .check(question(nobody)),
                new FutureCallback<CheckResponse>() {
                    @Override
                    public void onSuccess(CheckResponse response) {
                        warm = true;
                    }

                    @Override
                    public void onFailure(Throwable failure) {
                        LOG.warn("access does not answer yet: {}", failure.getMessage());
                        if (!channel.isShutdown()) {
                            warmUp();
                        }
                    }
                },
                MoreExecutors.directExecutor());
    }

    /// Whether `access` has ever answered.
    public boolean isWarm() {
        return warm;
    }

    @Override
    public CompletionStage<Decision> decide(Credentials credentials) {
        CompletableFuture<Decision> decision = new CompletableFuture<>();
        Futures.addCallback(
                stub.withDeadlineAfter(patienceMillis, TimeUnit.MILLISECONDS)
                        .check(question(credentials)),
                new FutureCallback<CheckResponse>() {
                    @Override
                    public void onSuccess(CheckResponse response) {
                        decision.complete(AccessEdge.this.decision(response));
                    }

                    @Override
                    public void onFailure(Throwable failure) {
                        LOG.atDebug().setCause(failure).log("access cannot be asked");
                        decision.complete(unavailable());
                    }
                },
                MoreExecutors.directExecutor());
        return decision;
    }

    private static CheckRequest question(Credentials credentials) {
        AttributeContext.HttpRequest.Builder http = AttributeContext.HttpRequest.newBuilder();
        header(http, "authorization", credentials.authorization());
        header(http, "x-api-key", credentials.apiKey());
        header(http, "x-forwarded-for", credentials.forwarded());
        browser(http, credentials.browser());
        AttributeContext.Builder attributes =
                AttributeContext.newBuilder()
                        .setRequest(AttributeContext.Request.newBuilder().setHttp(http));
        if (credentials.peer() != null) {
            attributes.setSource(peer(credentials.peer()));
        }
        return CheckRequest.newBuilder().setAttributes(attributes).build();
    }

    private static void browser(AttributeContext.HttpRequest.Builder http, Browser browser) {
        header(http, "cookie", browser.cookies());
        header(http, "sec-fetch-site", browser.site());
        header(http, "origin", browser.origin());
        if (browser.host() != null) {
            http.setHost(browser.host());
        }
    }

    private static AttributeContext.Peer peer(String address) {
        return AttributeContext.Peer.newBuilder()
                .setAddress(
                        Address.newBuilder()
                                .setSocketAddress(SocketAddress.newBuilder().setAddress(address)))
                .build();
    }

    private static void header(
            AttributeContext.HttpRequest.Builder http, String name, @Nullable String value) {
        if (value != null) {
            http.putHeaders(name, value);
        }
    }

    private Decision decision(CheckResponse response) {
        return switch (response.getHttpResponseCase()) {
            case OK_RESPONSE -> admitted(response.getOkResponse());
            case DENIED_RESPONSE -> refused(response.getDeniedResponse());
            case HTTPRESPONSE_NOT_SET -> unavailable();
        };
    }

    private Decision admitted(OkHttpResponse ok) {
        return ok.getHeadersList().stream()
                .map(HeaderValueOption::getHeader)
                .filter(header -> header.getKey().equals(IdentityToken.HEADER))
                .findFirst()
                .flatMap(header -> identities.verify(header.getValue()))
                .<Decision>map(
                        principal ->
                                new Admitted(principal, told(ok.getResponseHeadersToAddList())))
                .orElseGet(AccessEdge::unavailable);
    }

    /// What limits have to say; nothing else of an answer is left to others.
    private static Map<String, String> told(List<HeaderValueOption> headers) {
        return headers.stream()
                .map(HeaderValueOption::getHeader)
                .filter(header -> header.getKey().startsWith(LIMITS))
                .collect(Collectors.toMap(HeaderValue::getKey, HeaderValue::getValue));
    }

    private static Decision refused(DeniedHttpResponse denied) {
        Optional<OpenAiError> error =
                OpenAiError.read(denied.getBody().getBytes(StandardCharsets.UTF_8));
        return error.<Decision>map(
                        read -> new Refused(inTime(read, denied), told(denied.getHeadersList())))
                .orElseGet(AccessEdge::unavailable);
    }

    /// When to come again stands in a header.
    private static OpenAiError inTime(OpenAiError error, DeniedHttpResponse denied) {
        return denied.getHeadersList().stream()
                .map(HeaderValueOption::getHeader)
                .filter(header -> header.getKey().equals("retry-after-ms"))
                .map(HeaderValue::getValue)
                .filter(millis -> millis.matches("\\d{1,12}"))
                .findFirst()
                .map(millis -> error.retryAfter(Duration.ofMillis(Long.parseLong(millis))))
                .orElse(error);
    }

    private static Decision unavailable() {
        return new Refused(
                ErrorCode.ACCESS_UNAVAILABLE.error(
                        "Your key cannot be checked now; try again shortly."));
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
