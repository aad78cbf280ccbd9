// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.http.RawHttp;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecordingTest {
    private final FakeProvider provider = FakeProvider.start();
    private final Call call = new Call(provider);

    @AfterEach
    void stop() {
        provider.close();
    }

    private static final Duration SOON = Duration.ofSeconds(20);

    @Test
    void answeredRequestIsRecordedBeforeTheClientCanAsk() {
        try (var http = RawHttp.connect(provider.baseUrl())) {
            http.post(Call.CHAT, Call.body("fake", ""), Map.of("Authorization", "Bearer k"));
            http.readResponse();
        }

        var served = provider.served().getLast();
        assertThat(served.serial()).isEqualTo(1);
        assertThat(served.path()).isEqualTo(Call.CHAT);
        assertThat(served.model()).isEqualTo("fake");
        assertThat(served.header("Authorization")).isEqualTo("Bearer k");
        assertThat(served.received().body().toString()).isEqualTo(Call.body("fake", ""));
        assertThat(served.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(served.tokens()).isEqualTo(8);
        assertThat(served.outcome().atNanos()).isGreaterThan(served.received().atNanos());
        assertThat(provider.counters()).isEqualTo(new Counters(1, 1, 0, 0, 8));
        assertThat(provider.inFlight()).isZero();
    }

    @Test
    void bodyTooLargeToKeepHasItsDigest() throws NoSuchAlgorithmException {
        var large = Call.body("fake", ",\"x\":\"" + "y".repeat(100_000) + "\"");
        call.post(Call.CHAT, large);
        var received = provider.served().getLast().received();
        assertThat(received.body().length()).isZero();
        assertThat(received.bodyBytes()).isEqualTo(large.length());
        var digest = MessageDigest.getInstance("SHA-256");
        assertThat(received.bodySha256())
                .isEqualTo(
                        HexFormat.of()
                                .formatHex(digest.digest(large.getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void heldRequestsAreAnsweredTogether() {
        provider.hold("fake");
        try (var first = RawHttp.connect(provider.baseUrl());
                var second = RawHttp.connect(provider.baseUrl())) {
            first.post(Call.CHAT, Call.body("fake", ""));
            second.post(Call.CHAT, Call.body("fake", ""));
            provider.awaitInFlight(2, SOON);
            assertThat(call.whole("other").status()).isEqualTo(200);
            assertThat(provider.served("fake")).isEmpty();
            provider.release("fake");
            assertThat(first.readResponse().status()).isEqualTo(200);
            assertThat(second.readResponse().status()).isEqualTo(200);
        }
        assertThat(call.whole("fake").status()).isEqualTo(200);
    }

    @Test
    void failureOnPurposeIsOne() {
        call.whole("fake;status=500");
        try (var stream = call.stream("fake;cut=3")) {
            stream.data();
        }
        assertThat(provider.awaitServed(2, SOON))
                .allSatisfy(
                        served -> assertThat(served.ending()).isEqualTo(Ending.FAILED_ON_PURPOSE));
        assertThat(provider.served("fake;cut=3").getFirst().tokens()).isEqualTo(2);
    }

    @Test
    void clientThatLeavesAStreamIsSeen() {
        try (var stream = call.stream("fake;tokens=1000;interval=10ms")) {
            stream.next();
            stream.next();
            provider.awaitInFlight(1, SOON);
        }
        provider.awaitInFlight(0, SOON);

        var served = provider.served().getLast();
        assertThat(served.ending()).isEqualTo(Ending.CLIENT_GONE);
        assertThat(served.tokens()).isBetween(1, 500);
    }

    @Test
    void clientThatResetsASilentRequestIsSeen() {
        try (var http = RawHttp.connect(provider.baseUrl())) {
            http.post(Call.CHAT, Call.body("fake;silent", ""));
            provider.awaitInFlight(1, SOON);
            http.reset();
        }
        assertThat(provider.awaitServed(1, SOON).getFirst().ending()).isEqualTo(Ending.CLIENT_GONE);
    }

    @Test
    void clientThatLeavesInItsOwnRequestIsSeen() {
        try (var http = RawHttp.connect(provider.baseUrl())) {
            http.send(
                    "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{");
            provider.awaitInFlight(1, SOON);
        }
        assertThat(provider.awaitServed(1, SOON).getFirst().ending()).isEqualTo(Ending.CLIENT_GONE);
        assertThat(provider.inFlight()).isZero();
    }

    @Test
    void longBodyIsCountedNotKept() {
        var padding = ",\"user\":\"" + "x".repeat(100_000) + "\"";
        call.post(Call.CHAT, Call.body("fake", padding));

        var received = provider.served().getLast().received();
        assertThat(received.body().length()).isZero();
        assertThat(received.bodyBytes()).isGreaterThan(100_000);
    }

    @Test
    void recordCanBeForgottenAndSwitchedOff() {
        call.whole("fake");
        provider.forget();
        assertThat(provider.served()).isEmpty();
        assertThat(provider.counters()).isEqualTo(new Counters(0, 0, 0, 0, 0));

        try (var bench = FakeProvider.start(new FakeSettings(0, 1, false))) {
            new Call(bench).whole("fake");
            assertThat(bench.served()).isEmpty();
            assertThat(bench.counters().completed()).isEqualTo(1);
        }
    }
}
