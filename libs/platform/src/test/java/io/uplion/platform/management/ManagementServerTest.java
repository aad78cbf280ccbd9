// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.platform.management;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ManagementServerTest {
    private static final int HALVES = 300;
    private final PrometheusMeterRegistry meters =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT) {
                @Override
                public String scrape() {
                    return "uplion_test_total{kind=\"é\"} 3.0\n";
                }
            };
    private final AtomicBoolean ready = new AtomicBoolean();

    private ManagementServer start(int port) throws IOException {
        return ManagementServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), meters, ready::get);
    }

    private static HttpResponse<String> get(ManagementServer server, String path)
            throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var uri = URI.create("http://127.0.0.1:" + server.port() + path);
            return client.send(
                    HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void readinessFollowsTheService() throws Exception {
        try (var server = start(0)) {
            assertThat(get(server, "/readyz").statusCode()).isEqualTo(503);
            assertThat(get(server, "/livez").statusCode()).isEqualTo(200);
            ready.set(true);
            assertThat(get(server, "/readyz").statusCode()).isEqualTo(200);
            assertThat(get(server, "/readyz").body()).isEqualTo("ok\n");
        }
    }

    @Test
    void metersAreInPrometheussFormat() throws Exception {
        try (var server = start(0)) {
            var answer = get(server, "/metrics");

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("content-type").orElse(""))
                    .startsWith("text/plain; version=0.0.4");
            assertThat(answer.body()).isEqualTo(meters.scrape());
        }
    }

    @Test
    void otherPathsAreNotThere() throws Exception {
        try (var server = start(0)) {
            for (String path : List.of("/", "/nowhere")) {
                var answer = get(server, path);
                assertThat(answer.statusCode()).isEqualTo(404);
                assertThat(answer.headers().firstValue("content-type").orElse(""))
                        .startsWith("text/plain");
                assertThat(answer.body()).isEqualTo("not found\n");
            }
        }
    }

    @Test
    void halfARequestIsClosed() throws Exception {
        List<Socket> open = new ArrayList<>();
        try (var server = start(0)) {
            for (int i = 0; i < HALVES; i++) {
                var socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
                open.add(socket);
                socket.getOutputStream().write("GET /livez HTTP/1.1\r\nx: ".getBytes(US_ASCII));
            }
            assertThat(get(server, "/livez").statusCode()).isEqualTo(200);
            for (Socket one : open) {
                one.setSoTimeout(20_000);
                assertThat(one.getInputStream().read()).isEqualTo(-1);
            }
            assertThat(get(server, "/livez").statusCode()).isEqualTo(200);
        } finally {
            for (Socket one : open) {
                one.close();
            }
        }
    }

    @Test
    void portThatIsTakenIsSaid() throws Exception {
        try (var server = start(0)) {
            assertThatThrownBy(() -> start(server.port())).isInstanceOf(BindException.class);
        }
    }
}
