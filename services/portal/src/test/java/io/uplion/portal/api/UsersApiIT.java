// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.platform.identity.Principal.Role;
import io.uplion.platform.secret.Secret;
import io.uplion.portal.PostgresServer;
import io.uplion.portal.changes.AfterChange;
import io.uplion.portal.http.ApiClient;
import io.uplion.portal.http.ApiClient.Answer;
import io.uplion.portal.http.ApiRun;
import io.uplion.portal.identity.AdminCreation;
import io.uplion.portal.identity.ManagedUsers;
import io.uplion.portal.identity.Origin;
import io.uplion.portal.identity.PasswordLinks;
import io.uplion.portal.identity.Sessions;
import io.uplion.portal.identity.SignIn;
import io.uplion.portal.identity.User;
import io.uplion.portal.identity.Users;
import io.uplion.testing.time.SettableClock;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsersApiIT {
    private static final String CHOSEN = "quiet lantern over seven hills";
    private static final SettableClock CLOCK =
            new SettableClock(Instant.parse("2026-05-01T00:00:00Z"));
    private static final PostgresServer SERVER = new PostgresServer();
    private static final Sessions SESSIONS = new Sessions(SERVER.database(), CLOCK);
    private static ApiRun api;
    private User ada;
    private ApiClient owner;

    @BeforeAll
    static void start() {
        var links = new PasswordLinks(SERVER.database(), CLOCK);
        var users = new ManagedUsers(SERVER.database(), CLOCK, AfterChange.NOTHING, links);
        api = new ApiRun("users", new UsersApi(users, links, SESSIONS).operations());
    }

    @AfterAll
    static void stop() {
        api.close();
        SERVER.close();
    }

    @BeforeEach
    void oneOwner() {
        SERVER.empty();
        ada =
                ((AdminCreation.Created)
                                new Users(SERVER.database(), CLOCK)
                                        .createAdmin("ada@example.org", "Ada"))
                        .user();
        owner = api.as(ada);
    }

    private Answer make(String email, String more) {
        CLOCK.advance(Duration.ofSeconds(1));
        var made =
                owner.post(
                        "/api/users",
                        "{\"email\":\"" + email + "\",\"name\":\"" + email + "\"" + more + "}");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return made;
    }

    private static Answer choose(String token, String password) {
        return api.nobody()
                .send(
                        "PUT",
                        "/api/password-by-link",
                        new JsonObject().put("token", token).put("password", password).encode());
    }

    private static String token(Answer made) {
        var json = made.json();
        return json.getJsonObject("passwordLink", json).getString("token");
    }

    private static SignIn signIn(String email, String password) {
        return new Users(SERVER.database(), CLOCK).verify(email, Secret.of(password));
    }

    private static User user(String email) {
        return new Users(SERVER.database(), CLOCK).findByEmail(email).orElseThrow();
    }

    @Test
    void newUserChoosesAPasswordOnceAndSignsIn() {
        var made = make("bob@example.org", ",\"roles\":[\"viewer\"],\"groups\":[\"lab\"]");
        assertThat(made.json().getBoolean("hasPassword")).isFalse();
        assertThat(signIn("bob@example.org", CHOSEN)).isInstanceOf(SignIn.Refused.class);

        var weak = choose(token(made), "password1234");
        assertThat(weak.status()).isEqualTo(422);
        assertThat(weak.text()).contains("\"field\":\"password\"");
        assertThat(choose(token(made), CHOSEN).status()).isEqualTo(204);
        assertThat(choose(token(made), CHOSEN + "!").status()).isEqualTo(403);

        var signedIn = (SignIn.Accepted) signIn("bob@example.org", CHOSEN);
        assertThat(signedIn.user().roles()).containsExactly(Role.VIEWER);
        assertThat(signedIn.user().groups()).containsExactly("lab");
        assertThat(signedIn.user().mustChangePassword()).isFalse();
        var shown = owner.get(made.header("location"));
        assertThat(shown.json().getBoolean("hasPassword")).isTrue();
        assertThat(shown.text()).doesNotContain("passwordLink", "argon2id");
    }

    @Test
    void linkEndsWithTimeWithTheNextAndWithItsUser() {
        var made = make("bob@example.org", "");
        var path = made.header("location") + "/password-link";
        var second = owner.post(path, null);
        assertThat(second.status()).as(second.text()).isEqualTo(201);
        assertThat(choose(token(made), CHOSEN).status()).isEqualTo(403);

        CLOCK.advance(Duration.ofDays(3));
        assertThat(choose(token(second), CHOSEN).status()).isEqualTo(403);
        var third = owner.post(path, null);
        owner.patch(made.header("location"), "{\"disabled\":true}");
        owner.patch(made.header("location"), "{\"disabled\":false}");
        assertThat(choose(token(third), CHOSEN).status()).isEqualTo(403);
        assertThat(signIn("bob@example.org", CHOSEN)).isInstanceOf(SignIn.Refused.class);
        assertThat(choose("A".repeat(43), CHOSEN).json().getString("code"))
                .isEqualTo("no_such_link");
        assertThat(choose("short", CHOSEN).status()).isEqualTo(400);
    }

    @Test
    void forgottenPasswordIsReplacedAndSessionsEnd() {
        var made = make("bob@example.org", "");
        choose(token(made), CHOSEN);
        SESSIONS.open(user("bob@example.org"), new Origin("127.0.0.1", "a browser"));
        var listed = owner.get(made.header("location") + "/sessions").json();
        assertThat(listed.getJsonArray("items")).hasSize(1);
        assertThat(listed.encode()).contains("a browser").doesNotContain("sha256", "ups_");

        var link = owner.post(made.header("location") + "/password-link", null);
        assertThat(choose(token(link), "another quiet lantern").status()).isEqualTo(204);

        assertThat(SESSIONS.of(user("bob@example.org").id())).isEmpty();
        assertThat(signIn("bob@example.org", CHOSEN)).isInstanceOf(SignIn.Refused.class);
        assertThat(signIn("bob@example.org", "another quiet lantern"))
                .isInstanceOf(SignIn.Accepted.class);
    }

    @Test
    void whoIsDisabledIsSignedOutForGood() {
        var made = make("bob@example.org", "");
        var opened = SESSIONS.open(user("bob@example.org"), new Origin("127.0.0.1", "b"));

        var off = owner.patch(made.header("location"), "{\"disabled\":true}");
        assertThat(off.status()).as(off.text()).isEqualTo(200);
        assertThat(SESSIONS.find(opened.token())).isEmpty();
        owner.patch(made.header("location"), "{\"disabled\":false}");

        assertThat(SESSIONS.find(opened.token())).isEmpty();
    }

    @Test
    void adminSignsSomebodyOutEverywhere() {
        var made = make("bob@example.org", "");
        var opened = SESSIONS.open(user("bob@example.org"), new Origin("127.0.0.1", "b"));

        assertThat(owner.send("DELETE", made.header("location") + "/sessions", null).status())
                .isEqualTo(204);
        assertThat(SESSIONS.find(opened.token())).isEmpty();
    }

    @Test
    void whatIsSentIsChangedAndTheRestStays() {
        var made = make("bob@example.org", ",\"groups\":[\"lab\"]");
        var changed =
                owner.ifMatch(made)
                        .patch(
                                made.header("location"),
                                """
                                {"name":" Bob ","roles":["operator"],
                                 "limits":{"rpm":7,"budget":{"nanos":5,"period":"day"}}}
                                """);

        assertThat(changed.status()).as(changed.text()).isEqualTo(200);
        assertThat(changed.json().getString("name")).isEqualTo("Bob");
        assertThat(changed.json().getJsonArray("roles")).containsExactly("operator");
        assertThat(changed.json().getJsonArray("groups")).containsExactly("lab");
        assertThat(changed.json().getJsonObject("limits").getInteger("rpm")).isEqualTo(7);
        assertThat(owner.get(made.header("location")).json()).isEqualTo(changed.json());
        assertThat(owner.ifMatch(made).patch(made.header("location"), "{}").status())
                .isEqualTo(412);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"name\":\"B\"}                                | 400 | email",
                "{\"email\":\"b\",\"name\":\"B\"}                | 400 | email",
                "{\"email\":\"b@@\",\"name\":\"B\"}              | 422 | email",
                "{\"email\":\"ADA@example.org\",\"name\":\"B\"}  | 422 | email",
                "{\"email\":\"b@c\",\"name\":\" \"}              | 422 | name",
                "{\"email\":\"b@c\",\"name\":\"B\",\"roles\":[\"root\"]} | 400 | roles",
                "{\"email\":\"b@c\",\"name\":\"B\",\"groups\":[\" \"]} | 422 | groups",
                "{\"email\":\"b@c\",\"name\":\"B\",\"disabled\":true} | 400 | disabled",
                "{\"email\":\"b@c\",\"name\":\"B\",\"password\":\"x\"} | 400 | password",
            })
    void whatIsWrongIsNamedAndNothingIsMade(String body, int status, String field) {
        var answer = owner.post("/api/users", body);

        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.json().getJsonArray("errors").getJsonObject(0).getString("field"))
                .startsWith(field);
        assertThat(owner.get("/api/users").json().getJsonArray("items")).hasSize(1);
        assertThat(accounts()).isOne();
    }

    private static int accounts() {
        return SERVER.database()
                .jdbi()
                .withHandle(
                        handle ->
                                handle.createQuery("SELECT count(*) FROM accounts")
                                        .mapTo(Integer.class)
                                        .one());
    }

    @Test
    void adminReachesNoOwnerAndMakesNone() {
        make("eve@example.org", ",\"roles\":[\"admin\"]");
        var admin = api.as(user("eve@example.org"));
        var adas = "/api/users/" + ada.id();

        for (var body : List.of("{\"disabled\":true}", "{\"roles\":[]}", "{\"name\":\"x\"}")) {
            assertThat(admin.patch(adas, body).status()).as(body).isEqualTo(403);
        }
        assertThat(admin.post(adas + "/password-link", null).status()).isEqualTo(403);
        assertThat(admin.send("DELETE", adas + "/sessions", null).status()).isEqualTo(403);
        assertThat(
                        admin.post(
                                        "/api/users",
                                        "{\"email\":\"o@b.c\",\"name\":\"o\",\"roles\":[\"owner\"]}")
                                .status())
                .isEqualTo(403);
        var herself = "/api/users/" + user("eve@example.org").id();
        assertThat(admin.patch(herself, "{\"roles\":[\"owner\"]}").status()).isEqualTo(403);
        assertThat(admin.patch(herself, "{\"disabled\":true}").status()).isEqualTo(403);
        assertThat(user("ada@example.org")).isEqualTo(ada);
    }

    @Test
    void thereIsAlwaysAnOwner() {
        var last = owner.patch("/api/users/" + ada.id(), "{\"roles\":[\"admin\"]}");
        assertThat(last.status()).as(last.text()).isEqualTo(409);

        make("eve@example.org", ",\"roles\":[\"owner\"]");
        var eve = user("eve@example.org");
        // Each takes the right from the other in the same moment.
        var both =
                List.of(
                        CompletableFuture.supplyAsync(
                                () -> owner.patch("/api/users/" + eve.id(), "{\"roles\":[]}")),
                        CompletableFuture.supplyAsync(
                                () ->
                                        api.as(eve)
                                                .patch(
                                                        "/api/users/" + ada.id(),
                                                        "{\"roles\":[]}")));

        assertThat(both).extracting(one -> one.join().status()).containsExactlyInAnyOrder(200, 409);
    }

    @Test
    void listsAreFilteredAndComePageByPage() {
        for (int i = 0; i < 5; i++) {
            make("u" + i + "_@example.org", i % 2 == 0 ? ",\"groups\":[\"even\"]" : "");
        }
        make("v%@example.org", ",\"roles\":[\"viewer\"]");
        owner.patch("/api/users/" + user("u0_@example.org").id(), "{\"disabled\":true}");

        assertThat(emails("search=U3")).containsExactly("u3_@example.org");
        assertThat(emails("search=_%40example")).hasSize(5);
        assertThat(emails("search=%25")).containsExactly("v%@example.org");
        assertThat(emails("search=~")).isEmpty();
        assertThat(emails("role=viewer")).containsExactly("v%@example.org");
        assertThat(emails("group=even&disabled=false"))
                .containsExactly("u4_@example.org", "u2_@example.org");
        var all = emails("limit=2");
        assertThat(all).hasSize(7).doesNotHaveDuplicates().endsWith("ada@example.org");
    }

    private List<String> emails(String query) {
        var emails = new ArrayList<String>();
        var path = "/api/users?" + query;
        while (path != null) {
            var page = owner.get(path);
            assertThat(page.status()).as(page.text()).isEqualTo(200);
            page.json()
                    .getJsonArray("items")
                    .forEach(item -> emails.add(((JsonObject) item).getString("email")));
            var next = page.json().getString("next");
            path = next == null ? null : "/api/users?" + query + "&after=" + next;
        }
        return emails;
    }

    @Test
    void isForThoseWhoAdminister() {
        for (var role : List.of(Role.OPERATOR, Role.VIEWER, Role.MEMBER)) {
            var other = api.as(ApiRun.user("o@example.org", role));
            assertThat(other.get("/api/users").status()).isEqualTo(403);
            assertThat(other.get("/api/users/" + ada.id()).status()).isEqualTo(403);
            assertThat(other.patch("/api/users/" + ada.id(), "{}").status()).isEqualTo(403);
        }
        assertThat(api.nobody().get("/api/users").status()).isEqualTo(401);
        assertThat(owner.get("/api/users/" + UUID.randomUUID()).status()).isEqualTo(404);
    }
}
