// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.platform.secret.Secret;
import io.uplion.portal.PostgresServer;
import io.uplion.portal.http.ApiClient;
import io.uplion.portal.http.ApiRun;
import io.uplion.portal.identity.AdminCreation;
import io.uplion.portal.identity.Users;
import io.uplion.portal.keys.Keys;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeysApiIT {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final PostgresServer SERVER = new PostgresServer();
    private static ApiRun api;
    private ApiClient ada;
    private ApiClient bob;

    @BeforeAll
    static void start() {
        api =
                new ApiRun(
                        "keys",
                        new KeysApi(new Keys(SERVER.database(), CLOCK), CLOCK).operations());
    }

    @AfterAll
    static void stop() {
        api.close();
        SERVER.close();
    }

    @BeforeEach
    void twoUsers() {
        SERVER.empty();
        ada = user("ada@example.org");
        bob = user("bob@example.org");
    }

    private static ApiClient user(String email) {
        var created =
                (AdminCreation.Created)
                        new Users(SERVER.database(), CLOCK).createAdmin(email, email);
        return api.as(created.user());
    }

    @Test
    void keyIsMadeShownOnceAndChanged() {
        var made =
                ada.post(
                        "/api/keys",
                        """
                        {"name":"laptop","models":["m"],"limits":{"rpm":5,
                         "budget":{"nanos":7,"period":"month"}}}
                        """);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(made.json().getString("secret")).startsWith("upl_");
        var shown = ada.get(made.header("location"));
        assertThat(shown.status()).isEqualTo(200);
        assertThat(shown.json().containsKey("secret")).isFalse();
        assertThat(shown.header("etag")).isEqualTo(made.header("etag"));

        var changed =
                ada.ifMatch(shown)
                        .patch(
                                made.header("location"),
                                """
                                {"name":"desk","limits":{"rpm":null,"tpm":9}}
                                """);

        assertThat(changed.status()).as(changed.text()).isEqualTo(200);
        assertThat(changed.json().getString("name")).isEqualTo("desk");
        assertThat(changed.json().getJsonObject("limits"))
                .isEqualTo(
                        new JsonObject(
                                """
                                {"rpm":null,"tpm":9,"concurrent":null,
                                 "budget":{"nanos":7,"period":"month"}}
                                """));
        assertThat(changed.json().getJsonArray("models")).containsExactly("m");
        assertThat(ada.ifMatch(shown).patch(made.header("location"), "{}").status()).isEqualTo(412);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                   | 400 | name",
                "{\"name\":5}                         | 400 | name",
                "{\"name\":\"\"}                      | 400 | name",
                "{\"name\":\"k\",\"user\":\"x\"}      | 400 | user",
                "{\"name\":\"k\",\"revokedAt\":null}  | 400 | revokedAt",
                "{\"name\":\"k\",\"limits\":{\"rpm\":0}} | 400 | limits.rpm",
                "{\"name\":\"k\",\"limits\":{\"rpm\":1.5}} | 400 | limits.rpm",
                "{\"name\":\"k\",\"limits\":{\"budget\":{\"nanos\":1}}} | 400 | limits.budget",
                "{\"name\":\"k\",\"ipRanges\":[\"home\"]} | 422 | ipRanges",
                "{\"name\":\"k\",\"expiresAt\":\"2001-01-01T00:00:00Z\"} | 422 | expiresAt",
                "{\"name\":\"k\",\"expiresAt\":\"soon\"} | 400 | expiresAt",
                "{\"name\":\"k\",\"scope\":\"management\",\"models\":[\"m\"]} | 422 | models",
            })
    void whatIsWrongIsNamed(String body, int status, String field) {
        var answer = ada.post("/api/keys", body);

        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
        var errors = answer.json().getJsonArray("errors");
        assertThat(errors).as(answer.text()).isNotNull().isNotEmpty();
        assertThat(errors.getJsonObject(0).getString("field")).isEqualTo(field);
        assertThat(errors.getJsonObject(0).getString("reason")).isNotBlank();
        assertThat(ada.get("/api/keys").json().getJsonArray("items")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST   | /api/keys                | {\"name\":            | 400",
                "POST   | /api/keys                | [1]                   | 400",
                "POST   | /api/keys                |                       | 400",
                "PUT    | /api/keys                | {}                    | 405",
                "GET    | /api/key                 |                       | 404",
                "GET    | /api/keys/nobodys        |                       | 400",
                "GET    | /api/keys?limit=0        |                       | 400",
                "GET    | /api/keys?limit=many     |                       | 400",
                "GET    | /api/keys?after=!        |                       | 422",
                "GET    | /api/keys/5a5f6d5c-9b1e-4a52-8d7b-1f1f0f5c0e11 | | 404",
            })
    void strangeRequestsAreRefusedInWords(String method, String path, String body, int status) {
        var answer = ada.send(method, path, body);

        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
        assertThat(answer.json().getString("detail")).isNotBlank();
    }

    @Test
    void longListsComePageByPage() {
        var names = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            ada.post("/api/keys", "{\"name\":\"k" + i + "\"}");
        }
        var path = "/api/keys?limit=2";
        while (path != null) {
            var page = ada.get(path).json();
            for (var item : page.getJsonArray("items")) {
                names.add(((JsonObject) item).getString("name"));
            }
            var next = page.getString("next");
            path = next == null ? null : "/api/keys?limit=2&after=" + next;
        }

        assertThat(names).containsExactly("k4", "k3", "k2", "k1", "k0");
    }

    @Test
    void keyIsRolledAndRevoked() {
        var made = ada.post("/api/keys", "{\"name\":\"k\"}");
        var rolled = ada.post(made.header("location") + "/roll", "{\"overlapSeconds\":60}");
        assertThat(rolled.status()).as(rolled.text()).isEqualTo(201);
        assertThat(rolled.json().getString("secret")).startsWith("upl_");
        assertThat(ada.get(made.header("location")).json().getString("rolledTo"))
                .isEqualTo(rolled.json().getString("id"));

        var revoked = ada.post(rolled.header("location") + "/revoke", null);
        assertThat(revoked.status()).as(revoked.text()).isEqualTo(200);
        assertThat(revoked.json().getString("state")).isEqualTo("revoked");
        assertThat(ada.patch(rolled.header("location"), "{\"enabled\":true}").status())
                .isEqualTo(409);
    }

    @Test
    void nobodyWhoHasNotSignedInLearnsAnything() {
        var nobody = api.nobody();

        assertThat(nobody.get("/api/keys").status()).isEqualTo(401);
        assertThat(nobody.post("/api/keys", "{}").status()).isEqualTo(401);
        assertThat(nobody.as(Secret.of("made up")).get("/api/keys").status()).isEqualTo(401);
        assertThat(bob.get("/api/keys").json().getJsonArray("items")).isEmpty();
    }

    /// S4: whatever makes a browser of somebody who has signed in ask for it.
    @ParameterizedTest
    @CsvSource({
        "sec-fetch-site, cross-site",
        "sec-fetch-site, same-site",
        "sec-fetch-site, none",
        "origin, https://evil.example",
        "origin, null",
        "x-nothing, 1",
    })
    void pagesOfOtherOriginsChangeNothing(String header, String value) {
        var answer = ada.with(header, value).post("/api/keys", "{\"name\":\"k\"}");

        assertThat(answer.status()).as(answer.text()).isEqualTo(403);
        assertThat(answer.json().getString("code")).isEqualTo("cross_site");
        assertThat(ada.get("/api/keys").json().getJsonArray("items")).isEmpty();
    }

    @Test
    void documentSaysWhoMayAskForWhat() {
        var document = api.nobody().get("/api/openapi.json").json();

        assertThat(document.getString("openapi")).startsWith("3.1");
        assertThat(
                        document.getJsonObject("paths")
                                .getJsonObject("/api/keys")
                                .getJsonObject("get")
                                .getJsonArray("x-uplion-roles"))
                .containsExactly("everyone");
    }
}
