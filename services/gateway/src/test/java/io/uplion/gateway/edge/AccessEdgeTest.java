// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.service.auth.v3.AuthorizationGrpc;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.envoyproxy.envoy.service.auth.v3.DeniedHttpResponse;
import io.envoyproxy.envoy.service.auth.v3.OkHttpResponse;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.uplion.gateway.TestGateway;
import io.uplion.gateway.edge.Edge.Admitted;
import io.uplion.gateway.edge.Edge.Credentials;
import io.uplion.gateway.edge.Edge.Refused;
import io.uplion.openai.ErrorCode;
import io.uplion.platform.identity.IdentityToken;
import io.uplion.platform.secret.Secret;
import io.uplion.testing.wait.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Over a real connection, with an `access` that the test plays.
class AccessEdgeTest {
    private static final Credentials KEY = new Credentials("Bearer upl_x", null, "forged");

    private final IdentityToken identities =
            new IdentityToken(Secret.of("0123456789abcdef0123456789abcdef"), Clock.systemUTC());
    private Server server;
    private AccessEdge edge;
    private volatile Function<CheckRequest, CheckResponse> access = _ -> null;

    @BeforeEach
    void start() throws IOException {
        server =
                NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                        .addService(new PlayedAccess())
                        .build()
                        .start();
        edge = edge(Duration.ofSeconds(8));
    }

    private AccessEdge edge(Duration patience) {
        return new AccessEdge("127.0.0.1:" + server.getPort(), identities, patience);
    }

    @AfterEach
    void stop() throws InterruptedException {
        edge.close();
        server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }

    private final class PlayedAccess extends AuthorizationGrpc.AuthorizationImplBase {
        @Override
        public void check(CheckRequest request, StreamObserver<CheckResponse> observer) {
            var response = access.apply(request);
            // Without an answer the question stays open.
            if (response != null) {
                observer.onNext(response);
                observer.onCompleted();
            }
        }
    }

    private Edge.Decision ask() {
        return edge.decide(KEY).toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    }

    private static CheckResponse ok(String identity) {
        var header = HeaderValue.newBuilder().setKey(IdentityToken.HEADER).setValue(identity);
        return CheckResponse.newBuilder()
                .setOkResponse(
                        OkHttpResponse.newBuilder()
                                .addHeaders(HeaderValueOption.newBuilder().setHeader(header)))
                .build();
    }

    private static CheckResponse denied(String body) {
        return CheckResponse.newBuilder()
                .setDeniedResponse(DeniedHttpResponse.newBuilder().setBody(body))
                .build();
    }

    @Test
    void keyIsAskedAboutAndItsPrincipalAdmitted() {
        access =
                request -> {
                    assertThat(request.getAttributes().getRequest().getHttp().getHeadersMap())
                            .isEqualTo(Map.of("authorization", "Bearer upl_x"));
                    return ok(identities.sign(TestGateway.PRINCIPAL));
                };

        assertThat(ask()).isEqualTo(new Admitted(TestGateway.PRINCIPAL));
    }

    @Test
    void whereTheClientIsIsAskedAlong() {
        access =
                request -> {
                    var asked = request.getAttributes();
                    assertThat(asked.getSource().getAddress().getSocketAddress().getAddress())
                            .isEqualTo("127.0.0.1");
                    assertThat(asked.getRequest().getHttp().getHeadersMap())
                            .containsEntry("x-forwarded-for", "192.0.2.7")
                            .containsEntry("cookie", "a=b")
                            .containsEntry("sec-fetch-site", "same-origin")
                            .containsEntry("origin", "https://u.example");
                    assertThat(asked.getRequest().getHttp().getHost()).isEqualTo("u.example");
                    return ok(identities.sign(TestGateway.PRINCIPAL));
                };
        var browser = new Edge.Browser("a=b", "same-origin", "https://u.example", "u.example");
        var there = new Credentials("Bearer upl_x", null, null, "127.0.0.1", "192.0.2.7", browser);

        assertThat(edge.decide(there).toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join())
                .isEqualTo(new Admitted(TestGateway.PRINCIPAL));
    }

    @Test
    void refusalKeepsItsWords() {
        var error = ErrorCode.INVALID_API_KEY.error("The API key was revoked.");
        access = _ -> denied(new String(error.toJson()));

        assertThat(ask()).isEqualTo(new Refused(error));
    }

    @Test
    void whatLimitsSayIsPassedOnAndNothingElse() {
        var limit = option("x-ratelimit-limit-requests", "60");
        access =
                _ -> {
                    var whole = ok(identities.sign(TestGateway.PRINCIPAL)).toBuilder();
                    whole.getOkResponseBuilder()
                            .addResponseHeadersToAdd(limit)
                            .addResponseHeadersToAdd(option("set-cookie", "a=b"));
                    return whole.build();
                };
        assertThat(ask())
                .isEqualTo(
                        new Admitted(
                                TestGateway.PRINCIPAL, Map.of("x-ratelimit-limit-requests", "60")));

        var error = ErrorCode.REQUESTS_LIMITED.error("slowly");
        access =
                _ -> {
                    var whole = denied(new String(error.toJson())).toBuilder();
                    whole.getDeniedResponseBuilder()
                            .addHeaders(limit)
                            .addHeaders(option("retry-after-ms", "1500"));
                    return whole.build();
                };
        assertThat(ask())
                .isEqualTo(
                        new Refused(
                                error.retryAfter(Duration.ofMillis(1500)),
                                Map.of("x-ratelimit-limit-requests", "60")));
    }

    private static HeaderValueOption option(String name, String value) {
        return HeaderValueOption.newBuilder()
                .setHeader(HeaderValue.newBuilder().setKey(name).setValue(value))
                .build();
    }

    @Test
    void whatAccessDidNotSignOrSayIsNeverYes() {
        access = _ -> ok("forged");
        assertUnavailable(ask());
        access = _ -> CheckResponse.getDefaultInstance();
        assertUnavailable(ask());
        access = _ -> denied("not JSON");
        assertUnavailable(ask());
    }

    @Test
    void silenceIs503() {
        access = _ -> null;

        try (var impatient = edge(Duration.ofMillis(300))) {
            assertUnavailable(
                    impatient
                            .decide(KEY)
                            .toCompletableFuture()
                            .orTimeout(5, TimeUnit.SECONDS)
                            .join());
        }
    }

    @Test
    void accessThatIsGoneIs503() {
        server.shutdownNow();

        assertUnavailable(ask());
    }

    /// By itself the channel would try six times in this while, and then ever more seldom.
    @Test
    void accessThatIsAwayIsTriedAgainTwiceASecond() throws IOException {
        var tries = new AtomicInteger();
        try (var away = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var _ =
                        new AccessEdge(
                                "127.0.0.1:" + away.getLocalPort(),
                                identities,
                                Duration.ofSeconds(1))) {
            var _ = Thread.ofVirtual().start(() -> closeAll(away, tries));

            Await.until("twelve tries", Duration.ofSeconds(20), () -> tries.get() >= 12);
        }
    }

    private static void closeAll(ServerSocket socket, AtomicInteger count) {
        while (true) {
            try {
                socket.accept().close();
                count.incrementAndGet();
            } catch (IOException _) {
                return;
            }
        }
    }

    /// A gateway is not ready before.
    @Test
    void firstQuestionIsAskedBeforeARequestWaitsForIt() {
        assertThat(edge.isWarm()).isFalse();
        access = _ -> denied("anything");
        try (var warming = edge(Duration.ofSeconds(1))) {
            Await.until("access has answered", Duration.ofSeconds(10), warming::isWarm);
        }
    }

    @Test
    void behindEnvoyOnlyASignedIdentityIsBelieved() {
        var behindEnvoy = new IdentityEdge(identities);
        var signed = identities.sign(TestGateway.PRINCIPAL);

        assertThat(behindEnvoy.decide(new Credentials(null, null, signed)))
                .isCompletedWithValue(new Admitted(TestGateway.PRINCIPAL));
        for (var identity : new String[] {null, "", "forged", signed + "x"}) {
            var decision =
                    behindEnvoy
                            .decide(new Credentials("Bearer upl_x", null, identity))
                            .toCompletableFuture()
                            .join();
            assertThat(((Refused) decision).error().status()).isEqualTo(401);
        }
    }

    private static void assertUnavailable(Edge.Decision decision) {
        assertThat(((Refused) decision).error().code()).isEqualTo(ErrorCode.ACCESS_UNAVAILABLE);
    }
}
