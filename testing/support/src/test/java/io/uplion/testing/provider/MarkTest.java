// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.http.RawHttp;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What tells one call of the provider from another: the mark in the text, the client's own marker.
class MarkTest {
    private final FakeProvider provider = FakeProvider.start();
    private final Call call = new Call(provider);

    @AfterEach
    void stop() {
        provider.close();
    }

    @Test
    void everyTokenCarriesProviderAndSerialNumber() {
        try (var first = call.stream("fake;tokens=2;mark=b");
                var second = call.stream("fake;tokens=2;mark=b;utf8")) {
            assertThat(Call.text(first.data())).isEqualTo("t0@b1 t1@b1");
            assertThat(Call.text(second.data())).startsWith("t0@b2").contains(" t1@b2");
        }
    }

    /// Whole answers are rendered once where they are all alike. These are not.
    @Test
    void wholeAnswersCarryItToo() {
        assertThat(content("fake;tokens=2;mark")).isEqualTo("t0@1 t1@1");
        assertThat(content("fake;tokens=2;mark")).isEqualTo("t0@2 t1@2");
    }

    private String content(String model) {
        return Call.json(call.whole(model).body()).at("/choices/0/message/content").asText();
    }

    @Test
    void nameThatCouldBeTakenForANumberIsRefused() {
        assertThat(call.whole("fake;mark=a1").status()).isEqualTo(400);
    }

    @Test
    void clientsMarkerIsRecordedWhileTheCallRunsAndAfter() {
        try (var stream = call.stream("fake;silent-after=1", ",\"user\":\"m-1\"")) {
            stream.next();
            assertThat(provider.underway()).extracting(Underway::user).containsExactly("m-1");
        }
        provider.awaitInFlight(0, Duration.ofSeconds(20));
        assertThat(provider.underway()).isEmpty();
        assertThat(provider.served()).extracting(Served::user).containsExactly("m-1");
    }

    @Test
    void recordCanBeReadFromAnotherProcess() {
        call.post(Call.CHAT, Call.body("fake;tokens=3", ",\"user\":\"m-\\\"1\""));
        try (var open = call.stream("fake;silent-after=1", ",\"user\":\"m-2\"");
                var http = RawHttp.connect(provider.baseUrl())) {
            open.next();
            var list = Call.json(http.get("/fake/calls").readResponse().body());

            assertThat(list.path("dropped").asLong(-1)).isZero();
            assertThat(list.path("calls")).hasSize(2);
            var running = list.path("calls").get(0);
            assertThat(running.path("user").asText()).isEqualTo("m-2");
            assertThat(running.has("ending")).isFalse();
            var served = list.path("calls").get(1);
            assertThat(served.path("user").asText()).isEqualTo("m-\"1");
            assertThat(served.path("ending").asText()).isEqualTo("COMPLETED");
            assertThat(served.path("tokens").asInt()).isEqualTo(3);
            assertThat(served.path("beganNanosAgo").asLong())
                    .isBetween(served.path("endedNanosAgo").asLong(), 10_000_000_000L);
        }
    }
}
