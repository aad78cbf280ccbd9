// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.http;

import io.uplion.platform.identity.Principal.Role;
import io.uplion.platform.secret.Secret;
import io.uplion.portal.identity.User;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// One area of the API over real HTTP, with callers that have signed in some other way.
public final class ApiRun implements AutoCloseable {
    private final Map<String, Caller> callers = new ConcurrentHashMap<>();
    private final Vertx vertx = Vertx.vertx();
    private final Api api;
    private final ApiServer server;

    public ApiRun(String area, Map<String, Operation> operations) {
        api =
                new Api(
                        vertx,
                        ApiDocument.of(List.of(area)),
                        operations,
                        (credentials, _) -> caller(credentials),
                        new Clients(List.of()));
        server = ApiServer.start(vertx, "127.0.0.1", 0, api);
    }

    private Optional<Caller> caller(Credentials credentials) {
        return credentials instanceof Credentials.Session(var token)
                ? Optional.ofNullable(callers.get(token.reveal()))
                : Optional.empty();
    }

    public ApiClient nobody() {
        return ApiClient.of(server.port());
    }

    public ApiClient as(User user) {
        callers.put(user.email(), Caller.signedIn(settled(user), UUID.randomUUID()));
        return nobody().as(Secret.of(user.email()));
    }

    private static User settled(User user) {
        return new User(
                user.id(),
                user.account(),
                user.email(),
                user.name(),
                user.roles(),
                user.groups(),
                user.disabled(),
                false,
                user.createdAt());
    }

    /// Somebody the database does not know.
    public static User user(String email, Role... roles) {
        return new User(
                UUID.randomUUID(),
                UUID.randomUUID(),
                email,
                email,
                Set.of(roles),
                Set.of(),
                false,
                false,
                Instant.EPOCH);
    }

    @Override
    public void close() {
        server.close();
        api.close();
        vertx.close().await();
    }
}
