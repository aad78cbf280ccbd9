// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.platform.identity.Limits;
import io.uplion.platform.identity.Principal.Scope;
import io.uplion.platform.secret.Secret;
import io.uplion.portal.changes.AfterChange;
import io.uplion.portal.http.Api;
import io.uplion.portal.http.ApiClient;
import io.uplion.portal.http.ApiServer;
import io.uplion.portal.http.Clients;
import io.uplion.portal.identity.AdminCreation.Created;
import io.uplion.portal.identity.Origin;
import io.uplion.portal.identity.Sessions;
import io.uplion.portal.identity.Users;
import io.uplion.portal.keys.KeyCreation;
import io.uplion.portal.keys.KeyTerms;
import io.uplion.portal.keys.Keys;
import io.uplion.portal.keys.NewKey;
import io.uplion.store.key.IpRange;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The whole API as a browser uses it, from signing in on.
class PortalIT {
    private static final PostgresServer POSTGRES = new PostgresServer();
    private static final Vertx VERTX = Vertx.vertx();
    private static final String CHOSEN = "quiet lantern over seven hills";
    private static Api api;
    private static ApiServer server;
    private ApiClient nobody;
    private Created ada;

    @BeforeAll
    static void start() {
        api =
                Portal.api(
                        new Portal.Ports(
                                VERTX,
                                POSTGRES.database(),
                                POSTGRES.database(),
                                AfterChange.NOTHING,
                                new Clients(List.of(IpRange.parse("127.0.0.1/32"))),
                                Clock.systemUTC()));
        server = ApiServer.start(VERTX, "127.0.0.1", 0, api);
    }

    @AfterAll
    static void stop() {
        server.close();
        api.close();
        VERTX.close().await();
        POSTGRES.close();
    }

    @BeforeEach
    void oneUser() {
        POSTGRES.empty();
        ada =
                (Created)
                        new Users(POSTGRES.database(), Clock.systemUTC())
                                .createAdmin("ada@example.org", "Ada");
        nobody = ApiClient.of(server.port());
    }

    private static String login(Created user, String password) {
        return new JsonObject()
                .put("email", user.user().email())
                .put("password", password)
                .encode();
    }

    private ApiClient.Answer signIn(String password) {
        return nobody.post("/api/session", login(ada, password));
    }

    private ApiClient signedIn(ApiClient.Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        var cookie = answer.header("set-cookie");
        return nobody.as(Secret.of(cookie.substring(cookie.indexOf('=') + 1, cookie.indexOf(';'))));
    }

    /// Signed in, with a password of her own.
    private ApiClient settled() {
        var first = signedIn(signIn(ada.password().reveal()));
        var changed =
                first.send("PUT", "/api/password", passwords(ada.password().reveal(), CHOSEN));
        assertThat(changed.status()).as(changed.text()).isEqualTo(204);
        return first;
    }

    private static String passwords(String current, String chosen) {
        return new JsonObject().put("current", current).put("password", chosen).encode();
    }

    @Test
    void whoSignsInGetsACookieThatNobodyElseCanSetOrRead() {
        var answer = signIn(ada.password().reveal());

        assertThat(answer.header("set-cookie"))
                .matches(
                        "__Host-uplion=ups_[0-9A-Za-z]{49}; Path=/; Secure; HttpOnly;"
                                + " SameSite=Lax; Max-Age=\\d+");
        assertThat(answer.text()).doesNotContain("ups_");
        var me = signedIn(answer).get("/api/session").json().getJsonObject("user");
        assertThat(me.getString("email")).isEqualTo("ada@example.org");
        assertThat(me.getJsonArray("roles")).containsExactly("owner", "admin");
        assertThat(me.getBoolean("mustChangePassword")).isTrue();
    }

    @Test
    void firstPasswordIsGoodForNothingButAnother() {
        var first = signedIn(signIn(ada.password().reveal()));

        var refused = first.get("/api/keys");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.json().getString("code")).isEqualTo("password_change_required");
        var weak =
                first.send(
                        "PUT", "/api/password", passwords(ada.password().reveal(), "password1234"));
        assertThat(weak.status()).isEqualTo(422);
        assertThat(weak.text()).contains("\"field\":\"password\"");
        var wrong = first.send("PUT", "/api/password", passwords("not it", CHOSEN));
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.text()).contains("\"field\":\"current\"");

        assertThat(settled().get("/api/keys").status()).isEqualTo(200);
        assertThat(signIn(ada.password().reveal()).status()).isEqualTo(401);
        assertThat(signIn(CHOSEN).status()).isEqualTo(200);
    }

    /// And before that it changes with each sign-in.
    @Test
    void sessionEndsWhereItIsEnded() {
        var laptop = settled();
        var phone = signedIn(signIn(CHOSEN));
        var sessions = phone.get("/api/sessions").json().getJsonArray("items");
        assertThat(sessions).hasSize(2);
        var other =
                sessions.stream()
                        .map(JsonObject.class::cast)
                        .filter(session -> !session.getBoolean("current"))
                        .findFirst()
                        .orElseThrow();

        assertThat(phone.send("DELETE", "/api/sessions/" + other.getString("id"), null).status())
                .isEqualTo(204);
        assertThat(laptop.get("/api/session").status()).isEqualTo(401);
        var renewed = signedIn(phone.post("/api/session", login(ada, CHOSEN)));
        assertThat(phone.get("/api/session").status()).isEqualTo(401);
        var out = renewed.send("DELETE", "/api/session", null);
        assertThat(out.header("set-cookie")).contains("Max-Age=0");
        assertThat(renewed.get("/api/session").status()).isEqualTo(401);
        var all = signedIn(signIn(CHOSEN));
        assertThat(all.send("DELETE", "/api/sessions", null).status()).isEqualTo(204);
        assertThat(all.get("/api/session").status()).isEqualTo(401);
    }

    @Test
    void whoGuessesFromAnOpenSessionWaitsToo() {
        var browser = settled();
        ApiClient.Answer last;
        do {
            last = browser.send("PUT", "/api/password", passwords("not it", CHOSEN + "!"));
            assertThat(last.status()).isIn(422, 429);
        } while (last.status() == 422);

        assertThat(last.json().getString("code")).isEqualTo("too_many_failures");
        assertThat(browser.get("/api/session").status()).isEqualTo(200);
    }

    @Test
    void whoGuessesWaits() {
        ApiClient.Answer last;
        do {
            last = signIn("a wrong password");
            assertThat(last.status()).isIn(401, 429);
        } while (last.status() == 401);

        assertThat(Long.parseLong(last.header("retry-after"))).isPositive();
        assertThat(last.json().getString("code")).isEqualTo("too_many_failures");
    }

    @Test
    void passwordsAreNotTakenWhereSomebodyCouldReadThem() {
        var far = nobody.with("sec-fetch-site", "same-origin", "x-forwarded-for", "192.0.2.7");
        var refused = far.post("/api/session", login(ada, ada.password().reveal()));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.json().getString("code")).isEqualTo("plain_http");
        var tls =
                nobody.with(
                        "sec-fetch-site",
                        "same-origin",
                        "x-forwarded-for",
                        "192.0.2.7",
                        "x-forwarded-proto",
                        "https");
        assertThat(tls.post("/api/session", login(ada, ada.password().reveal())).status())
                .isEqualTo(200);
    }

    /// Otherwise a page could sign its visitors in as somebody else.
    @Test
    void pageOfAnotherOriginSignsNobodyIn() {
        var answer =
                nobody.with("sec-fetch-site", "cross-site")
                        .post("/api/session", login(ada, ada.password().reveal()));

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.header("set-cookie")).isEmpty();
    }

    @Test
    void signingInIsAudited() {
        var browser = settled();

        var entries = browser.get("/api/audit?kind=session").json().getJsonArray("items");
        assertThat(entries).isNotEmpty();
        assertThat(entries.encode()).doesNotContain("sha256").contains("127.0.0.1");
        var change = browser.get("/api/audit?kind=user&action=change").json();
        assertThat(change.getJsonArray("items").getJsonObject(0).getString("actorEmail"))
                .isEqualTo("ada@example.org");
        assertThat(change.encode()).doesNotContain("argon2id");
    }

    private static NewKey newKey(Scope scope, String... ranges) {
        return new NewKey(
                "a program",
                "ada@example.org",
                Optional.empty(),
                new KeyTerms(
                        scope,
                        Set.of(),
                        Set.of(),
                        Stream.of(ranges).map(IpRange::parse).toList(),
                        Limits.NONE),
                Optional.empty());
    }

    private KeyCreation.Created key(Scope scope, String... ranges) {
        return (KeyCreation.Created)
                new Keys(POSTGRES.database(), Clock.systemUTC()).create(newKey(scope, ranges));
    }

    private ApiClient program(KeyCreation.Created key) {
        return nobody.with("authorization", "Bearer " + key.secret().reveal());
    }

    @Test
    void programWithAManagementKeyDoesWhatItsUserMay() {
        var key = key(Scope.MANAGEMENT);
        var program = program(key);

        var made = program.post("/api/users", "{\"email\":\"bob@b.c\",\"name\":\"Bob\"}");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        var audited =
                program.get("/api/audit?kind=user&object=" + made.json().getString("id"))
                        .json()
                        .getJsonArray("items")
                        .getJsonObject(0);
        assertThat(audited.getString("actorEmail")).isEqualTo("ada@example.org");
        assertThat(audited.getString("key")).isEqualTo(key.key().id().toString());
        var shown = program.get("/api/keys/" + key.key().id()).json();
        assertThat(shown.getString("lastUsedAt")).isNotNull();
        for (var about : List.of("GET /api/session", "DELETE /api/session")) {
            var words = about.split(" ");
            var answer = program.send(words[0], words[1], null);
            assertThat(answer.status()).as(about).isEqualTo(403);
            assertThat(answer.json().getString("code")).isEqualTo("needs_session");
        }
    }

    /// Also where the client has a session beside it: a key that does not work is no session.
    @Test
    void noOtherKeyManages() {
        var managing = key(Scope.MANAGEMENT);
        var keys = new Keys(POSTGRES.database(), Clock.systemUTC());
        var wrong =
                List.of(
                        program(key(Scope.INFERENCE)),
                        program(key(Scope.MANAGEMENT, "192.0.2.0/24")),
                        nobody.with("authorization", "Bearer upl_nonsense"),
                        nobody.with("authorization", "Bearer "));
        assertThat(program(managing).get("/api/keys").status()).isEqualTo(200);
        for (var one : wrong) {
            var answer = one.as(session()).get("/api/keys");
            assertThat(answer.status()).as(answer.text()).isEqualTo(401);
            assertThat(answer.json().getString("code")).isEqualTo("wrong_key");
        }

        keys.revoke(managing.key().id());
        assertThat(program(managing).get("/api/keys").status()).isEqualTo(401);
    }

    private Secret session() {
        return new Sessions(POSTGRES.database(), Clock.systemUTC())
                .open(ada.user(), new Origin("127.0.0.1", "a browser"))
                .token();
    }
}
