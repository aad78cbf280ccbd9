// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.http.BodyEnd;
import io.uplion.testing.http.RawHttp;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FramesTest {
    private final FakeProvider provider = FakeProvider.start();
    private final Call call = new Call(provider);

    @AfterEach
    void stop() {
        provider.close();
    }

    private String raw(String model) {
        return call.post(Call.CHAT, Call.body(model, ",\"stream\":true")).body();
    }

    @Test
    void linesMayEndInCarriageReturns() {
        assertThat(raw("fake;crlf;tokens=1"))
                .endsWith("data: [DONE]\r\n\r\n")
                .doesNotContain("}\n");
        try (var stream = call.stream("fake;crlf")) {
            assertThat(Call.text(stream.data())).isEqualTo(Call.numbered(8));
        }
    }

    @Test
    void commentsStandBetweenEvents() {
        try (var stream = call.stream("fake;comments;tokens=2")) {
            assertThat(Call.text(stream.data())).isEqualTo("t0 t1");
            assertThat(stream.comments()).hasSize(5).containsOnly("ping");
        }
    }

    @Test
    void splitSendsThreeBytesAtATimeThroughCharacters() {
        try (var http = RawHttp.connect(provider.baseUrl())) {
            http.post(Call.CHAT, Call.body("fake;split;utf8;tokens=2", ",\"stream\":true"));
            assertThat(http.readHead().header("transfer-encoding")).isEqualTo("chunked");
            assertThat(http.readBody())
                    .contains("\"t0\u00e9\u20ac\ud83d\ude00\"")
                    .endsWith("[DONE]\n\n");
            assertThat(http.end()).isEqualTo(BodyEnd.COMPLETE);
        }
    }

    @Test
    void burstSendsTheSameEvents() {
        assertThat(raw("fake;burst;tokens=3").replaceAll("fake-\\d+", "").replace("burst;", ""))
                .isEqualTo(raw("fake;tokens=3").replaceAll("fake-\\d+", ""));
    }

    @Test
    void headersCanBeLate() {
        var start = System.nanoTime();
        assertThat(call.whole("fake;slow-headers=150ms").status()).isEqualTo(200);
        try (var stream = call.stream("fake;slow-headers=150ms")) {
            assertThat(stream.status()).isEqualTo(200);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isGreaterThan(Duration.ofMillis(300));
    }

    @Test
    void headersOfASlowStreamComeAtOnce() {
        try (var stream = call.stream("fake;ttft=150ms;tokens=1")) {
            var head = System.nanoTime();
            var first = stream.next().orElseThrow();
            assertThat(Duration.ofNanos(first.atNanos() - head))
                    .isGreaterThan(Duration.ofMillis(100));
        }
    }
}
