// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access.authz;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext.HttpRequest;
import io.envoyproxy.envoy.service.auth.v3.AuthorizationGrpc;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.uplion.access.AccessConfig;
import io.uplion.access.ClientAddress;
import io.uplion.counters.redis.RedisConfig;
import io.uplion.platform.identity.IdentityToken;
import io.uplion.platform.identity.Principal.Role;
import io.uplion.platform.secret.Secret;
import io.uplion.store.Database;
import io.uplion.store.DatabaseConfig;
import io.uplion.store.key.ApiKey;
import io.uplion.store.key.IpRange;
import io.uplion.store.key.SessionToken;
import io.uplion.testing.wait.Await;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// As Envoy sees it: over gRPC, against a real database.
class AccessServerIT {
    private static final Secret SECRET = Secret.of("0123456789abcdef0123456789abcdef");

    private final ApiKey key = ApiKey.generate(new SecureRandom());
    private final UUID user = UUID.randomUUID();
    private final UUID account = UUID.randomUUID();
    private final UUID id = UUID.randomUUID();
    private EmbeddedPostgres server;
    private Database writes;
    private AccessServer access;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws IOException {
        server = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(1)).start();
        var database =
                DatabaseConfig.of(
                        server.getJdbcUrl("postgres", "postgres"), "postgres", Secret.of("none"));
        writes = Database.open(database);
        writes.migrate();
        oneKey();
        var config =
                new AccessServerConfig(
                        "127.0.0.1",
                        0,
                        database.readOnly(),
                        AccessConfig.defaults(),
                        new ClientAddress(List.of(IpRange.parse("127.0.0.0/8"))),
                        RedisConfig.of("redis://127.0.0.1:1", Optional.empty()),
                        1,
                        SECRET,
                        Duration.ofSeconds(1),
                        1 << 20);
        access = AccessServer.start(config, Clock.systemUTC());
        channel = NettyChannelBuilder.forAddress("127.0.0.1", access.port()).usePlaintext().build();
    }

    @AfterEach
    void stop() throws Exception {
        channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        access.close();
        writes.close();
        server.close();
    }

    private void oneKey() {
        write("INSERT INTO accounts VALUES (?, 'Ada', 'PERSONAL', false, now())", account);
        write(
                "INSERT INTO users (id, email, name, personal_account, roles, groups, created_at)"
                        + " VALUES (?, 'ada@b.c', 'Ada', ?, '{ADMIN}', '{staff}', now())",
                user,
                account);
        write("INSERT INTO account_members VALUES (?, ?, now())", account, user);
        write(
                "INSERT INTO api_keys (id, account_id, user_id, name, sha256, prefix, last4,"
                        + " models, created_at) VALUES (?, ?, ?, 'k', ?, ?, ?, '{m}', now())",
                id,
                account,
                user,
                key.sha256().toBytes(),
                key.prefix(),
                key.last4());
    }

    private void write(String sql, Object... values) {
        writes.jdbi().useHandle(handle -> handle.execute(sql, values));
    }

    private CheckResponse check(Map<String, String> headers) {
        return check(headers, "127.0.0.1", "/v1/chat/completions");
    }

    private CheckResponse check(Map<String, String> headers, String peer, String path) {
        var http =
                HttpRequest.newBuilder()
                        .putAllHeaders(headers)
                        .setPath(path)
                        .setHost("uplion.example");
        var request = AttributeContext.Request.newBuilder().setHttp(http);
        var asked =
                CheckRequest.newBuilder()
                        .setAttributes(
                                AttributeContext.newBuilder()
                                        .setSource(source(peer))
                                        .setRequest(request))
                        .build();
        return AuthorizationGrpc.newBlockingStub(channel)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .check(asked);
    }

    /// There is no Redis here: then this node counts for itself.
    @Test
    void limitOfRequestsHoldsAndIsTold() {
        write("UPDATE api_keys SET rpm = 2 WHERE id = ?", id);
        var headers = Map.of("authorization", "Bearer " + key.secret().reveal());
        var first = check(headers).getOkResponse();
        assertThat(first.getResponseHeadersToAddList())
                .extracting(header -> header.getHeader().getKey())
                .contains("x-ratelimit-limit-requests", "x-ratelimit-reset-requests");
        check(headers);

        var denied = check(headers);
        assertThat(denied.getStatus().getCode()).isEqualTo(8);
        assertThat(denied.getDeniedResponse().getStatus().getCodeValue()).isEqualTo(429);
        assertThat(denied.getDeniedResponse().getBody())
                .contains("requests_limit_exceeded")
                .contains("This key may make 2 requests a minute.");
        assertThat(denied.getDeniedResponse().getHeadersList())
                .extracting(header -> header.getHeader().getKey())
                .contains("retry-after", "retry-after-ms", "x-ratelimit-remaining-requests");
    }

    @Test
    void keyBecomesASignedIdentityAndStaysHere() {
        var response =
                check(
                        Map.of(
                                "authorization",
                                "Bearer " + key.secret().reveal(),
                                IdentityToken.HEADER,
                                "forged"));

        var ok = response.getOkResponse();
        assertThat(response.getStatus().getCode()).isZero();
        assertThat(ok.getHeadersToRemoveList()).contains("authorization", "x-api-key");
        assertThat(ok.getHeadersList())
                .singleElement()
                .satisfies(
                        header -> {
                            assertThat(header.getHeader().getKey()).isEqualTo(IdentityToken.HEADER);
                            assertThat(header.getAppendAction())
                                    .as("what the client sent is replaced")
                                    .isEqualTo(
                                            HeaderValueOption.HeaderAppendAction
                                                    .OVERWRITE_IF_EXISTS_OR_ADD);
                        });
        var principal =
                new IdentityToken(SECRET, Clock.systemUTC())
                        .verify(ok.getHeaders(0).getHeader().getValue())
                        .orElseThrow();
        assertThat(principal.user()).isEqualTo(user);
        assertThat(principal.key()).contains(id);
        assertThat(principal.roles()).contains(Role.ADMIN);
        assertThat(principal.models()).containsExactly("m");
    }

    /// As Envoy tells it: to whom it is addressed stands beside the headers.
    @Test
    void aSessionsCookieCountsForOurOwnPages() {
        var token = SessionToken.generate(new SecureRandom());
        write(
                "INSERT INTO sessions (id, user_id, sha256, address, user_agent, created_at,"
                        + " last_seen_at, expires_at) VALUES (?, ?, ?, '', '', now(), now(),"
                        + " now() + INTERVAL '1 day')",
                id,
                user,
                token.sha256().toBytes());
        var cookie = "__Host-uplion=" + token.secret().reveal();

        var ok = check(Map.of("cookie", cookie, "origin", "https://uplion.example"));
        assertThat(ok.getOkResponse().getHeadersToRemoveList()).contains("cookie");
        var principal =
                new IdentityToken(SECRET, Clock.systemUTC())
                        .verify(ok.getOkResponse().getHeaders(0).getHeader().getValue())
                        .orElseThrow();
        assertThat(principal.user()).isEqualTo(user);
        assertThat(principal.key()).isEmpty();
        assertThat(principal.session()).contains(id);

        var managed =
                check(Map.of("cookie", cookie, "sec-fetch-site", "same-origin"), "::1", "/api/me");
        assertThat(managed.getOkResponse().getHeadersToRemoveList()).doesNotContain("cookie");
        var foreign = check(Map.of("cookie", cookie, "origin", "https://evil.example"));
        assertThat(foreign.getDeniedResponse().getBody()).contains("missing_api_key");
    }

    private static AttributeContext.Peer source(String address) {
        var socket = SocketAddress.newBuilder().setAddress(address);
        return AttributeContext.Peer.newBuilder()
                .setAddress(Address.newBuilder().setSocketAddress(socket))
                .build();
    }

    @Test
    void aKeyWorksFromItsAddressesOnlySeenPastOurProxies() {
        write("UPDATE api_keys SET ip_ranges = '{192.0.2.0/24}'");
        var secret = key.secret().reveal();

        var past = check(Map.of("x-api-key", secret, "x-forwarded-for", "198.51.100.1,192.0.2.7"));
        assertThat(past.hasOkResponse()).isTrue();
        var forged = Map.of("x-api-key", secret, "x-forwarded-for", "192.0.2.7");
        var denied = check(forged, "198.51.100.1", "/v1/models").getDeniedResponse();
        assertThat(denied.getStatus().getCodeValue()).isEqualTo(403);
        assertThat(denied.getBody()).contains("address_not_allowed").doesNotContain(secret);
    }

    @Test
    void aManagementKeyRunsNoInference() {
        write("UPDATE api_keys SET scopes = '{MANAGEMENT}'");
        var headers = Map.of("x-api-key", key.secret().reveal());

        var denied = check(headers).getDeniedResponse();

        assertThat(denied.getStatus().getCodeValue()).isEqualTo(403);
        assertThat(denied.getBody()).contains("key_scope");
        assertThat(check(headers, "127.0.0.1", "/api/keys").hasOkResponse()).isTrue();
    }

    @Test
    void withoutAGoodKeyItIs401InOpenAisWords() {
        var none = check(Map.of()).getDeniedResponse();
        assertThat(none.getStatus().getCodeValue()).isEqualTo(401);
        assertThat(none.getBody()).contains("missing_api_key", "\"param\":null");

        var wrong = check(Map.of("x-api-key", "upl_wrong")).getDeniedResponse();
        assertThat(wrong.getStatus().getCodeValue()).isEqualTo(401);
        assertThat(wrong.getBody()).contains("invalid_api_key");
    }

    @Test
    void databaseThatIsGoneIs503AndNotReady() throws IOException {
        assertThat(access.isReady()).isTrue();
        server.close();

        var denied = check(Map.of("x-api-key", key.secret().reveal())).getDeniedResponse();

        assertThat(denied.getStatus().getCodeValue()).isEqualTo(503);
        assertThat(denied.getBody()).contains("access_unavailable");
        Await.until("noticed", Duration.ofSeconds(20), () -> !access.isReady());
    }
}
