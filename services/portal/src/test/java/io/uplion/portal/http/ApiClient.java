// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.http;

import io.uplion.platform.secret.Secret;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A browser of one person, as far as the API can tell.
public final class ApiClient {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String url;
    private final Optional<Secret> session;
    private final List<String> headers;

    private ApiClient(String url, Optional<Secret> session, List<String> headers) {
        this.url = url;
        this.session = session;
        this.headers = List.copyOf(headers);
    }

    public static ApiClient of(int port) {
        return new ApiClient(
                "http://127.0.0.1:" + port,
                Optional.empty(),
                List.of("sec-fetch-site", "same-origin"));
    }

    public ApiClient as(Secret token) {
        return new ApiClient(url, Optional.of(token), headers);
    }

    /// In place of the headers that browsers send.
    public ApiClient with(String... names) {
        return new ApiClient(url, session, List.of(names));
    }

    public ApiClient ifMatch(Answer seen) {
        var more = new ArrayList<>(headers);
        more.addAll(List.of("if-match", seen.header("etag")));
        return new ApiClient(url, session, more);
    }

    public record Answer(HttpResponse<String> response) {
        public int status() {
            return response.statusCode();
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        public JsonObject json() {
            return new JsonObject(response.body());
        }

        public String text() {
            return response.body();
        }
    }

    public Answer get(String path) {
        return send("GET", path, null);
    }

    public Answer post(String path, String body) {
        return send("POST", path, body);
    }

    public Answer patch(String path, String body) {
        return send("PATCH", path, body);
    }

    public Answer send(String method, String path, String body) {
        var request =
                HttpRequest.newBuilder(URI.create(url + path))
                        .timeout(PATIENCE)
                        .method(
                                method,
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body));
        if (body != null) {
            request.header("content-type", "application/json");
        }
        if (!headers.isEmpty()) {
            request.headers(headers.toArray(String[]::new));
        }
        session.ifPresent(
                token -> request.header("cookie", SessionCookie.NAME + "=" + token.reveal()));
        try {
            return new Answer(HTTP.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
