// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.testing.provider.FakeProvider;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RawHttpTest {
    @Test
    void slowBytesMakeAWholeRequest() {
        var text =
                RawHttp.postText("/v1/chat/completions", "{\"model\":\"fake\"}", Map.of("a", "b"));
        try (var provider = FakeProvider.start();
                var http = RawHttp.connect(provider.baseUrl())) {
            var response = http.sendSlowly(text, 10, Duration.ofMillis(1)).readResponse();

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.end()).isEqualTo(BodyEnd.COMPLETE);
            assertThat(provider.served().getFirst().header("A")).isEqualTo("b");
        }
    }

    @Test
    void malformedBytesGetTheServersRefusal() {
        try (var provider = FakeProvider.start();
                var http = RawHttp.connect(provider.baseUrl())) {
            var response = http.send("NOT HTTP AT ALL\r\n\r\n").readResponse();
            assertThat(response.status()).isEqualTo(400);
        }
    }

    @Test
    void interimAnswersAreSkippedAndChunksJoined() throws Exception {
        var wire =
                """
                HTTP/1.1 100 Continue

                HTTP/1.1 200 OK
                X: 1
                x: 2
                transfer-encoding: chunked

                2
                ab
                1;ext
                c
                0
                t: v

                """
                        .replace("\n", "\r\n");
        try (var server = new CannedServer(wire);
                var http = RawHttp.connect(server.url())) {
            var response = http.finishSending().readResponse();

            assertThat(response.body()).isEqualTo("abc");
            assertThat(response.header("X")).isEqualTo("1, 2");
            assertThat(response.end()).isEqualTo(BodyEnd.COMPLETE);
        }
    }

    @Test
    void staysOnTheLoopbackAddress() {
        assertThatThrownBy(() -> RawHttp.connect("http://192.0.2.1:80/"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
