// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.http.RawHttp;
import io.uplion.testing.platform.Platform;
import io.uplion.testing.wait.Await;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests that are sent behind one that is not answered yet.
class PipelinesE2E {
    private static final int SLOTS = 4;
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration NOTICED = Duration.ofSeconds(5);
    private static Platform platform;
    private static Api api;

    @BeforeAll
    static void start() {
        platform = Platform.start(Map.of("UPLION_GATEWAY_UNSTREAMED_WAIT", "5m"));
        api = new Api(platform);
        api.model("silent", "tokens=2", "  concurrency: " + SLOTS + "\n");
        platform.provider().script("fake", "tokens=2");
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    private static String request(String model, int padding) {
        var body = Api.chatBody(model, ",\"x\":\"" + "y".repeat(padding) + "\"");
        return RawHttp.postText(Api.CHAT, body, platform.headers());
    }

    private static double slots() {
        return api.metric("uplion_worker_slots_in_use");
    }

    @ParameterizedTest
    @ValueSource(ints = {20_000, 400_000, 3_000_000})
    void whoLeavesBehindMoreIsNoticed(int padding) throws InterruptedException {
        platform.provider().hold("silent");
        try (var client = api.connect().send(request("silent", 0))) {
            platform.provider().awaitInFlight(1, SOON);
            var leaving =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            client.send(request("silent", padding));
                                        } catch (UncheckedIOException e) {
                                            // It is not let finish.
                                        }
                                        client.close();
                                    });
            Await.until("its slot is free", NOTICED, () -> slots() == 0);
            leaving.join();
        } finally {
            platform.provider().release("silent");
        }
        Await.until("nothing is held", SOON, () -> api.metric("uplion_gateway_body_bytes") == 0);
        assertThat(api.metric("uplion_gateway_requests_open")).isZero();
    }

    @Test
    void whoStaysIsAnsweredInOrder() throws InterruptedException {
        platform.provider().hold("silent");
        var paddings = List.of(200_000, 200_000, 10, 100_000);
        try (var client = api.connect()) {
            var sending =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        client.send(request("silent", paddings.getFirst()));
                                        for (int padding : paddings.subList(1, 4)) {
                                            client.send(request("fake", padding));
                                        }
                                    });
            platform.provider().awaitInFlight(1, SOON);
            othersLeaveAndAreNoticed();
            assertThat(slots()).isOne();
            platform.provider().release("silent");
            assertThat(Api.json(client.readResponse().body()).path("model").asText())
                    .isEqualTo("silent");
            for (int i = 1; i < paddings.size(); i++) {
                var answer = client.readResponse();
                assertThat(answer.status()).as(answer.body()).isEqualTo(200);
                assertThat(Api.json(answer.body()).path("model").asText()).isEqualTo("fake");
            }
            sending.join();
            assertThat(client.send(request("fake", 300_000)).readResponse().status())
                    .isEqualTo(200);
        } finally {
            platform.provider().release("silent");
        }
    }

    /// So whoever stays has been looked at meanwhile, too.
    private static void othersLeaveAndAreNoticed() {
        var others = Stream.generate(() -> api.connect().send(request("silent", 0)));
        var leaving = others.limit(SLOTS - 1).toList();
        platform.provider().awaitInFlight(SLOTS, SOON);
        for (var one : leaving) {
            one.send(request("silent", 400_000));
            one.close();
        }
        Await.until("they are noticed", SOON, () -> slots() == 1);
    }
}
