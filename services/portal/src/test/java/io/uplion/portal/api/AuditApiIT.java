// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.platform.identity.Principal.Role;
import io.uplion.portal.PostgresServer;
import io.uplion.portal.audit.Actor;
import io.uplion.portal.audit.Audit;
import io.uplion.portal.http.ApiClient;
import io.uplion.portal.http.ApiRun;
import io.uplion.portal.identity.AdminCreation;
import io.uplion.portal.identity.User;
import io.uplion.portal.identity.Users;
import io.uplion.portal.keys.KeyCreation;
import io.uplion.portal.keys.Keys;
import io.uplion.portal.keys.NewKey;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AuditApiIT {
    private static final PostgresServer SERVER = new PostgresServer();
    private static final Keys KEYS = new Keys(SERVER.database(), Clock.systemUTC());
    private static User ada;
    private static ApiRun api;

    @BeforeAll
    static void start() {
        var created =
                (AdminCreation.Created)
                        new Users(SERVER.database(), Clock.systemUTC())
                                .createAdmin("ada@example.org", "Ada");
        ada = created.user();
        api = new ApiRun("audit", new AuditApi(new Audit(SERVER.database())).operations());
    }

    @AfterAll
    static void stop() {
        api.close();
        SERVER.close();
    }

    private static UUID key(String name) {
        var wanted = new NewKey(name, ada.email(), Set.of(), Optional.empty());
        return ((KeyCreation.Created) KEYS.create(wanted)).key().id();
    }

    private static List<JsonObject> entries(ApiClient client, UUID object) {
        var answer = client.get("/api/audit?object=" + object);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json().getJsonArray("items").stream().map(JsonObject.class::cast).toList();
    }

    @Test
    void everyChangeSaysWhoseItIsAndWhatItWas() {
        var actor =
                new Actor(ada.id(), Optional.of(UUID.randomUUID()), Optional.empty(), "192.0.2.7");
        var id = actor.acts(() -> key("laptop"));
        actor.acts(() -> KEYS.setEnabled(id, false));

        var entries = entries(api.as(ada), id);

        assertThat(entries).hasSize(2);
        var change = entries.getFirst();
        assertThat(change.getString("action")).isEqualTo("change");
        assertThat(change.getString("kind")).isEqualTo("key");
        assertThat(change.getString("actorEmail")).isEqualTo("ada@example.org");
        assertThat(change.getString("address")).isEqualTo("192.0.2.7");
        assertThat(change.getJsonObject("before")).isEqualTo(new JsonObject("{\"enabled\":true}"));
        assertThat(change.getJsonObject("after")).isEqualTo(new JsonObject("{\"enabled\":false}"));
        var creation = entries.getLast();
        assertThat(creation.getString("action")).isEqualTo("create");
        assertThat(creation.getValue("before")).isNull();
        assertThat(creation.getJsonObject("after").getString("name")).isEqualTo("laptop");
        assertThat(creation.encode()).doesNotContain("sha256");
    }

    /// Also what no statement of ours has changed.
    @Test
    void whatIsDoneByHandStandsThereToo() {
        var id = key("by hand");
        SERVER.database()
                .jdbi()
                .useHandle(
                        handle -> {
                            handle.execute("UPDATE api_keys SET rpm = 7 WHERE id = ?", id);
                            // No change that anybody makes.
                            handle.execute(
                                    "UPDATE api_keys SET last_used_at = now() WHERE id = ?", id);
                        });

        var entries = entries(api.as(ada), id);

        assertThat(entries).hasSize(2);
        assertThat(entries.getFirst().getValue("actor")).isNull();
        assertThat(entries.getFirst().getJsonObject("after"))
                .isEqualTo(new JsonObject("{\"rpm\":7}"));
    }

    @Test
    void whatStandsThereStays() {
        key("kept");
        for (var change :
                List.of("UPDATE audit SET actor = NULL", "DELETE FROM audit", "TRUNCATE audit")) {
            assertThatThrownBy(
                            () ->
                                    SERVER.database()
                                            .jdbi()
                                            .useHandle(handle -> handle.execute(change)))
                    .hasMessageContaining("only grows");
        }
    }

    @Test
    void isForThoseWhoAdminister() {
        assertThat(
                        api.as(ApiRun.user("o@example.org", Role.OPERATOR, Role.VIEWER))
                                .get("/api/audit")
                                .status())
                .isEqualTo(403);
        assertThat(api.as(ApiRun.user("a@example.org", Role.ADMIN)).get("/api/audit").status())
                .isEqualTo(200);
        assertThat(api.nobody().get("/api/audit.csv").status()).isEqualTo(401);
    }

    @Test
    void isExportedWhole() {
        var id = key("=exported");
        var csv = api.as(ada).get("/api/audit.csv?kind=key&action=create&object=" + id);

        assertThat(csv.text().lines()).hasSize(2);
        assertThat(csv.text()).contains("create,key," + id).contains("=exported");
    }
}
