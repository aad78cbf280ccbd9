// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.uplion.testing.http.RawHttp;
import io.uplion.testing.http.RawResponse;
import io.uplion.testing.platform.Platform;
import io.uplion.testing.wait.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// From the password of the first start to what a request has cost, all over the one port.
class PortalE2E {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CHOSEN = "quiet lantern over seven hills";
    private static Platform platform;

    @BeforeAll
    static void start() {
        platform = Platform.start();
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String firstPassword() throws IOException {
        return JSON.readTree(platform.data().resolve("first-run.json").toFile())
                .at("/admin/password")
                .asText();
    }

    private static RawResponse ask(String method, String path, String cookie, String body) {
        var headers = new HashMap<String, String>();
        headers.put("sec-fetch-site", "same-origin");
        if (!cookie.isEmpty()) {
            headers.put("cookie", cookie);
        }
        try (var http = RawHttp.connect(platform.url())) {
            var text = RawHttp.postText(path, body, headers);
            return http.send(text.replaceFirst("POST", method)).readResponse();
        }
    }

    @Test
    void adminSignsInMakesAKeyUsesItAndSeesWhatItHasCost() throws IOException {
        var login = "{\"email\":\"admin@localhost\",\"password\":\"" + firstPassword() + "\"}";
        var signedIn = ask("POST", "/api/session", "", login);
        assertThat(signedIn.status()).as(signedIn.body()).isEqualTo(200);
        var set = signedIn.header("set-cookie");
        var cookie = set.substring(0, set.indexOf(';'));
        var passwords = "{\"current\":\"" + firstPassword() + "\",\"password\":\"" + CHOSEN + "\"}";
        assertThat(ask("PUT", "/api/password", cookie, passwords).status()).isEqualTo(204);

        var made = ask("POST", "/api/keys", cookie, "{\"name\":\"from a page\"}");
        assertThat(made.status()).as(made.body()).isEqualTo(201);
        var key = read(made.body());
        var bearer = Map.of("authorization", "Bearer " + key.path("secret").asText());
        var chat = "{\"model\":\"fake\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        try (var http = RawHttp.connect(platform.url())) {
            var answer = http.post("/v1/chat/completions", chat, bearer).readResponse();
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        }

        var usage = "/api/usage?step=total&key=" + key.path("id").asText();
        Await.until(
                "it is billed",
                LIMIT,
                () -> !read(ask("GET", usage, cookie, "").body()).path("items").isEmpty());
        var row = read(ask("GET", usage, cookie, "").body()).path("items").path(0);
        assertThat(row.path("requests").asLong()).isEqualTo(1);
        assertThat(row.path("tokens").path("output").asLong()).isPositive();
        var requests = read(ask("GET", "/api/requests", cookie, "").body()).path("items");
        assertThat(requests.path(0).path("key").asText()).isEqualTo(key.path("id").asText());

        ask("POST", "/api/keys/" + key.path("id").asText() + "/revoke", cookie, "");
        Await.until("it is refused", LIMIT, () -> status(chat, bearer) == 401);
    }

    private static int status(String chat, Map<String, String> headers) {
        try (var http = RawHttp.connect(platform.url())) {
            return http.post("/v1/chat/completions", chat, headers).readResponse().status();
        }
    }

    /// The gateway's answers are open to pages of all origins; the portal's are not.
    @Test
    void pagesOfOtherOriginsReadNothing() {
        try (var http = RawHttp.connect(platform.url())) {
            http.send(
                    "GET /api/session HTTP/1.1\r\nhost: localhost\r\norigin: https://evil.example\r\n\r\n");
            var answer = http.readResponse();

            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.header("access-control-allow-origin")).isEmpty();
        }
    }
}
