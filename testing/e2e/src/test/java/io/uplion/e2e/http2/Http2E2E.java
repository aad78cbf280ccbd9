// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.platform.LocalCertificate;
import io.uplion.testing.platform.Platform;
import io.uplion.testing.wait.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Over HTTP/2 the end of an answer closes its stream. That is no client that has left.
class Http2E2E {
    @TempDir private Path directory;
    private HttpClient client;
    private Platform platform;

    @BeforeEach
    void start() {
        var certificate = LocalCertificate.make(directory);
        platform = Platform.start(certificate);
        client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_2)
                        .sslContext(certificate.trust())
                        .build();
    }

    @AfterEach
    void stop() {
        client.close();
        platform.close();
    }

    private HttpRequest.Builder request(String path) {
        var request = HttpRequest.newBuilder(URI.create(platform.url() + path));
        platform.headers().forEach(request::header);
        return request.timeout(Duration.ofSeconds(20));
    }

    private HttpResponse<String> send(HttpRequest request) throws Exception {
        var answer = client.send(request, BodyHandlers.ofString());
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
        return answer;
    }

    private HttpResponse<String> chat(String more) throws Exception {
        var body = "{\"model\":\"fake\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]%s}";
        return send(
                request("/v1/chat/completions")
                        .POST(HttpRequest.BodyPublishers.ofString(body.formatted(more)))
                        .build());
    }

    @Test
    void wholeAnswerEndsOnce() throws Exception {
        assertThat(chat("").statusCode()).isEqualTo(200);
        endedOnce("completed");
        assertThat(usage()).singleElement().asString().contains("\"COMPLETED\"");
    }

    @Test
    void streamEndsOnce() throws Exception {
        assertThat(chat(",\"stream\":true").body()).endsWith("data: [DONE]\n\n");
        endedOnce("completed");
        assertThat(usage()).singleElement().asString().contains("\"COMPLETED\"");
    }

    @Test
    void failureEndsOnce() throws Exception {
        platform.provider().script("fake", "status=500");
        assertThat(chat("").statusCode()).isEqualTo(502);
        endedOnce("error");
        assertThat(usage()).isEmpty();
    }

    /// As over HTTP/1.
    @ParameterizedTest
    @ValueSource(ints = {9_000, 12_000, 31_000})
    void headersUpToTheBoundAreTaken(int bytes) throws Exception {
        var answer = send(request("/v1/models").header("x-more", "y".repeat(bytes)).build());
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    /// HTTP/2 counts 32 bytes more for each.
    @Test
    void manySmallHeadersUpToTheBoundAreTaken() throws Exception {
        var request = request("/v1/models");
        for (int i = 0; i < 800; i++) {
            request.header("x-field-" + i, "y".repeat(20));
        }
        assertThat(send(request.build()).statusCode()).isEqualTo(200);
    }

    @Test
    void headersBeyondTheBoundAreToldAndThePathToo() throws Exception {
        var large = send(request("/v1/models").header("x-more", "y".repeat(33_000)).build());
        assertThat(large.statusCode()).isEqualTo(431);
        assertThat(large.body()).contains("headers_too_large");
        assertThat(large.headers().firstValue("x-request-id")).isPresent();
        var path = send(request("/v1/" + "x".repeat(9_000)).build());
        assertThat(path.statusCode()).isEqualTo(414);
        assertThat(path.body()).contains("uri_too_long");
    }

    /// Every end is counted once, whatever it was.
    private void endedOnce(String outcome) {
        Await.until(
                "the request has ended",
                Duration.ofSeconds(20),
                () -> metrics().contains("outcome=\"" + outcome + "\""));
        var ends =
                metrics()
                        .lines()
                        .filter(line -> line.startsWith("uplion_gateway_requests_total{"))
                        .toList();
        assertThat(ends)
                .singleElement()
                .asString()
                .contains("outcome=\"" + outcome + "\"")
                .endsWith(" 1.0");
    }

    private String metrics() {
        var place = URI.create("http://127.0.0.1:" + platform.managementPort() + "/metrics");
        try (var in = place.toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> usage() throws IOException {
        var lines = new ArrayList<String>();
        try (var files = Files.list(platform.data().resolve("usage"))) {
            for (var file : files.filter(file -> !file.endsWith("billed")).toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines;
    }
}
