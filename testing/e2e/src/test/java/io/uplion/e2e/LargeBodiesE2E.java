// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.http.RawResponse;
import io.uplion.testing.platform.Platform;
import io.uplion.testing.wait.Await;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Bodies of the greatest size, several at one time: each is answered, or told to come again.
class LargeBodiesE2E {
    private static final int BODY_BYTES = 60 << 20;
    private static Platform platform;
    private static Api api;

    @BeforeAll
    static void start() {
        platform = Platform.start(Map.of("UPLION_GATEWAY_BODY_MEMORY", "250MiB"));
        api = new Api(platform);
        platform.provider().script("fake", "tokens=2");
        api.model("failing", "status=500", "");
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    private static byte[] body(String model) {
        var start = "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"";
        return (start + "word ".repeat(BODY_BYTES / 5) + "\"}]}").getBytes(StandardCharsets.UTF_8);
    }

    private static RawResponse ask(byte[] body) {
        try (var http = api.connect().waitAtMost(Duration.ofSeconds(60))) {
            http.send(
                    "POST "
                            + Api.CHAT
                            + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
                            + platform.apiKey()
                            + "\r\ncontent-length: "
                            + body.length
                            + "\r\n\r\n");
            return http.send(body).readResponse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"simulator", "fake", "failing"})
    void permittedBodiesAreAnsweredOrToldToComeAgain(String model) throws InterruptedException {
        var body = body(model);
        var answers = new ConcurrentLinkedQueue<RawResponse>();
        List<Thread> clients =
                IntStream.range(0, 6)
                        .mapToObj(_ -> Thread.ofVirtual().start(() -> answers.add(ask(body))))
                        .toList();
        for (Thread client : clients) {
            client.join();
        }

        int success = model.equals("failing") ? 502 : 200;
        assertThat(answers).hasSize(6).extracting(RawResponse::status).isSubsetOf(success, 503);
        assertThat(answers).filteredOn(one -> one.status() == success).hasSizeGreaterThan(1);
        assertThat(answers)
                .filteredOn(one -> one.status() == 503)
                .allSatisfy(
                        one -> {
                            Api.assertError(one, 503, "overloaded");
                            assertThat(one.header("retry-after")).isNotEmpty();
                        });
        Await.until("nothing is left", Duration.ofSeconds(30), LargeBodiesE2E::isIdle);
    }

    private static boolean isIdle() {
        return api.metric("uplion_worker_slots_in_use") == 0
                && api.metric("uplion_queue_tasks") == 0
                && api.metric("uplion_gateway_requests_open") == 0
                && api.metric("uplion_gateway_body_bytes") == 0;
    }
}
