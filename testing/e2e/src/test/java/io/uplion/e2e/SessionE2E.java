// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.portal.identity.Origin;
import io.uplion.portal.identity.Sessions;
import io.uplion.portal.identity.User;
import io.uplion.portal.identity.Users;
import io.uplion.standalone.database.EmbeddedDatabase;
import io.uplion.store.Database;
import io.uplion.testing.http.RawResponse;
import io.uplion.testing.platform.Platform;
import io.uplion.testing.provider.Ending;
import io.uplion.testing.wait.Await;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A browser's session on a running platform.
class SessionE2E {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static Platform platform;
    private static Database database;
    private static Sessions sessions;
    private static User admin;
    private static Api api;

    @BeforeAll
    static void start() {
        platform = Platform.start();
        api = new Api(platform);
        database = Database.open(EmbeddedDatabase.attach(platform.data()).orElseThrow());
        sessions = new Sessions(database, Clock.systemUTC());
        var users = new Users(database, Clock.systemUTC());
        admin = users.findByEmail("admin@localhost").orElseThrow();
    }

    @AfterAll
    static void stop() {
        database.close();
        platform.close();
    }

    private static Sessions.Opened open() {
        return sessions.open(admin, new Origin("192.0.2.7", "Browser/1"));
    }

    private static Map<String, String> bearer(Sessions.Opened opened) {
        return Map.of("authorization", "Bearer " + opened.token().reveal());
    }

    private static RawResponse chat(Map<String, String> headers) {
        return api.post(Api.CHAT, Api.chatBody("fake", ""), headers);
    }

    @Test
    void whatASessionAsksForIsBilledToUserAndAccountWithNoKey() {
        platform.provider().script("fake", "tokens=7");

        assertThat(chat(bearer(open())).status()).isEqualTo(200);

        Await.until("it is billed", LIMIT, () -> billed() == 1);
    }

    /// No other test has an answer of so many tokens.
    private static int billed() {
        return database.jdbi()
                .withHandle(
                        handle ->
                                handle.createQuery(
                                                "SELECT count(*)"
                                                        + " FROM ledger WHERE key_id IS NULL AND"
                                                        + " user_id = :user AND account = :account"
                                                        + " AND outcome = 'COMPLETED'"
                                                        + " AND output_tokens = 7")
                                        .bind("user", admin.id())
                                        .bind("account", admin.account())
                                        .mapTo(Integer.class)
                                        .one());
    }

    @Test
    void anEndedSessionsStreamEndsAndItsProviderIsStopped() {
        platform.provider().script("fake", "tokens=1000;interval=100ms");
        var opened = open();
        var other = open();
        int before = platform.provider().served().size();
        try (var running = api.stream("fake", "", bearer(opened))) {
            assertThat(running.next()).isPresent();
            assertThat(sessions.end(admin.id(), opened.session().id())).isTrue();

            assertThat(running.events().getLast().data()).contains("invalid_api_key");
            assertThat(running.body()).doesNotContain("[DONE]");
        }
        Await.until(
                "the provider is stopped",
                LIMIT,
                () -> platform.provider().served().size() > before);
        assertThat(platform.provider().served().getLast().ending()).isEqualTo(Ending.CLIENT_GONE);
        platform.provider().script("fake", "tokens=1");
        Await.until("it is refused", LIMIT, () -> chat(bearer(opened)).status() == 401);
        assertThat(chat(bearer(opened)).body()).contains("The session is over");
        assertThat(chat(bearer(other)).status()).as("the other goes on").isEqualTo(200);
    }

    @Test
    void theCookieCountsFromOurPageOnly() {
        var cookie = "__Host-uplion=" + open().token().reveal();

        assertThat(models(cookie, "sec-fetch-site: same-origin")).isEqualTo(200);
        assertThat(models(cookie, "origin: http://localhost:1")).isEqualTo(200);
        assertThat(models(cookie, "sec-fetch-site: cross-site")).isEqualTo(401);
        assertThat(models(cookie, "origin: http://evil.example")).isEqualTo(401);
        assertThat(models(cookie, "accept: */*")).isEqualTo(401);
    }

    private static int models(String cookie, String header) {
        try (var http = api.connect()) {
            return http.send(
                            "GET /v1/models HTTP/1.1\r\nhost: localhost:1\r\ncookie: a=b\r\ncookie: "
                                    + cookie
                                    + "\r\n"
                                    + header
                                    + "\r\n\r\n")
                    .readResponse()
                    .status();
        }
    }
}
