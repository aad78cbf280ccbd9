// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.platform.identity.Principal.Role;
import io.uplion.portal.Portal;
import io.uplion.portal.PostgresServer;
import io.uplion.portal.changes.AfterChange;
import io.uplion.portal.identity.AdminCreation;
import io.uplion.portal.identity.Origin;
import io.uplion.portal.identity.Sessions;
import io.uplion.portal.identity.User;
import io.uplion.portal.identity.Users;
import io.uplion.portal.keys.KeyCreation;
import io.uplion.portal.keys.Keys;
import io.uplion.portal.keys.NewKey;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// S1: every operation of the document × every role × what belongs to somebody else × fields that
/// nobody may set. An operation that comes later is in it as soon as it is in the document.
class AuthorizationIT {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final JsonObject DOCUMENT = ApiDocument.of(Portal.AREAS).json();
    private static final PostgresServer POSTGRES = new PostgresServer();
    private static final Vertx VERTX = Vertx.vertx();
    private static Api api;
    private static ApiServer server;
    private static User owner;
    private static Map<String, UUID> foreign;

    /// @param roles of the document; nothing: for everybody, signed in or not
    record Asked(String method, String path, Optional<Set<String>> roles, JsonObject operation) {
        @Override
        public String toString() {
            return method + " " + path;
        }

        boolean takesBody() {
            return operation.containsKey("requestBody");
        }

        boolean isFor(Role role) {
            return roles.isEmpty()
                    || roles.get().contains("everyone")
                    || roles.get().contains(role.name().toLowerCase(Locale.ROOT));
        }

        /// About what is the owner's.
        ApiClient.Answer send(ApiClient client, String body) {
            var filled = path;
            for (var object : foreign.entrySet()) {
                if (path.startsWith(object.getKey())) {
                    filled = path.replace("{id}", object.getValue().toString());
                }
            }
            return client.send(
                    method, filled.replaceAll("\\{\\w+}", UUID.randomUUID().toString()), body);
        }

        ApiClient.Answer send(ApiClient client) {
            return send(client, takesBody() ? "{}" : null);
        }
    }

    @BeforeAll
    static void start() {
        var database = POSTGRES.database();
        api =
                Portal.api(
                        new Portal.Ports(
                                VERTX,
                                database,
                                database,
                                AfterChange.NOTHING,
                                new Clients(List.of()),
                                CLOCK));
        server = ApiServer.start(VERTX, "127.0.0.1", 0, api);
        owner = user("owner", "OWNER");
        var session = new Sessions(database, CLOCK).open(owner, new Origin("127.0.0.1", "laptop"));
        var wanted = new NewKey("laptop", owner.email(), Set.of(), Optional.empty());
        var key = (KeyCreation.Created) new Keys(database, CLOCK).create(wanted);
        foreign =
                Map.of(
                        "/api/keys/", key.key().id(),
                        "/api/sessions/", session.session().id(),
                        "/api/users/", owner.id());
    }

    private static User user(String name, String roles) {
        var database = POSTGRES.database();
        var users = new Users(database, CLOCK);
        var email = name + "@example.org";
        assertThat(users.createAdmin(email, name)).isInstanceOf(AdminCreation.Created.class);
        database.jdbi()
                .useHandle(
                        handle ->
                                handle.execute(
                                        "UPDATE users SET must_change_password = false,"
                                                + " roles = CAST(? AS text[]) WHERE email = ?",
                                        "{" + roles + "}",
                                        email));
        return users.findByEmail(email).orElseThrow();
    }

    /// Somebody else with these roles, who has just signed in.
    private static ApiClient somebody(String roles) {
        var user = user("u" + UUID.randomUUID(), roles);
        var opened =
                new Sessions(POSTGRES.database(), CLOCK)
                        .open(user, new Origin("127.0.0.1", "a browser"));
        return nobody().as(opened.token());
    }

    private static ApiClient nobody() {
        return ApiClient.of(server.port());
    }

    @AfterAll
    static void stop() {
        server.close();
        api.close();
        VERTX.close().await();
        POSTGRES.close();
    }

    static Stream<Asked> operations() {
        var all = new ArrayList<Asked>();
        for (var path : DOCUMENT.getJsonObject("paths")) {
            for (var method : (JsonObject) path.getValue()) {
                if (method.getValue() instanceof JsonObject operation) {
                    all.add(
                            new Asked(
                                    method.getKey().toUpperCase(Locale.ROOT),
                                    path.getKey(),
                                    Optional.ofNullable(operation.getJsonArray(ApiDocument.ROLES))
                                            .map(AuthorizationIT::texts),
                                    operation));
                }
            }
        }
        return all.stream();
    }

    private static Set<String> texts(JsonArray array) {
        return Set.copyOf(array.stream().map(String.class::cast).toList());
    }

    @Test
    void documentHasOperationsForEveryoneForSomeAndForAnybody() {
        assertThat(operations()).hasSizeGreaterThan(20);
        assertThat(operations().filter(asked -> asked.roles().isEmpty()))
                .extracting(Asked::toString)
                .as("what needs no session")
                .containsExactlyInAnyOrder("POST /api/session", "PUT /api/password-by-link");
    }

    @ParameterizedTest
    @MethodSource("operations")
    void rolesOfTheDocumentAreTheRolesThatCount(Asked asked) {
        var unknown = asked.send(nobody());
        if (asked.roles().isPresent()) {
            assertThat(unknown.status()).as(unknown.text()).isEqualTo(401);
        } else {
            assertThat(unknown.status()).as(unknown.text()).isEqualTo(400);
        }
        for (var role : Role.values()) {
            var answer = asked.send(somebody(role.name()));
            if (asked.isFor(role)) {
                assertThat(answer.status()).as(role + ": " + answer.text()).isNotIn(401, 405, 500);
            } else {
                assertThat(answer.status()).as(role + ": " + answer.text()).isEqualTo(403);
                assertThat(answer.json().getString("code")).isEqualTo("forbidden");
            }
        }
    }

    static Stream<Asked> aboutOneThing() {
        return operations().filter(asked -> asked.path().contains("{id}"));
    }

    @ParameterizedTest
    @MethodSource("aboutOneThing")
    void whatBelongsToAnotherIsNotThereForAMember(Asked asked) {
        for (var roles : List.of("MEMBER", "VIEWER,OPERATOR", "")) {
            var answer = asked.send(somebody(roles));

            assertThat(answer.status()).as(answer.text()).isIn(403, 404);
            assertThat(answer.text())
                    .doesNotContain(owner.email(), "laptop")
                    .doesNotContain(foreign.values().stream().map(UUID::toString).toList());
        }
    }

    static Stream<Asked> withBody() {
        return operations().filter(Asked::takesBody);
    }

    @ParameterizedTest
    @MethodSource("withBody")
    void noFieldIsTakenThatTheDocumentDoesNotHave(Asked asked) {
        var answer = asked.send(somebody("OWNER"), "{\"id\":\"" + UUID.randomUUID() + "\"}");

        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.json().getJsonArray("errors").encode()).contains("\"field\":\"id\"");
    }
}
