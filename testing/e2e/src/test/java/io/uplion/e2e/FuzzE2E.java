// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.http.RawHttp;
import io.uplion.testing.http.RawResponse;
import io.uplion.testing.platform.Platform;
import io.uplion.testing.wait.Await;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Bodies that nobody would write. `-Duplion.fuzz=100000` for many, `-Duplion.fuzz.seed=7` for the
/// same again.
class FuzzE2E {
    private static final int ROUNDS = Integer.getInteger("uplion.fuzz", 2000);
    private static final long SEED = Long.getLong("uplion.fuzz.seed", 1);
    private static final List<String> SEEDS =
            List.of(
                    Api.chatBody("fake", ""),
                    Api.chatBody(
                            "fake", ",\"stream\":true,\"stream_options\":{\"include_usage\":true}"),
                    Api.chatBody(
                            "fake", ",\"stream\":true,\"n\":2,\"max_tokens\":3,\"stop\":[\"a\"]"),
                    Api.chatBody("fake", ",\"tools\":[{\"type\":\"function\"}],\"prompt\":[[1]]"),
                    Api.chatBody("fäke", ",\"input\":null,\"user\":\"\\ud83d\\ude00\""));
    private static final List<String> PIECES =
            List.of(
                    "{",
                    "}",
                    "[",
                    "]",
                    ",",
                    ":",
                    "\"",
                    "\\",
                    "\\u",
                    "\\ud800",
                    "\\udc00",
                    "null",
                    "true",
                    "-",
                    "0",
                    "1e9",
                    "NaN",
                    "\u0000",
                    "\uFEFF",
                    "\n",
                    "\"model\":",
                    "\"fake\"",
                    "\"messages\":",
                    "\"stream\":",
                    "\"stream_options\":",
                    "\"input\":5,",
                    "\"prompt\":{},",
                    "[[[[",
                    "{\"a\":",
                    "99999999999999999999");

    private final Random random = new Random(SEED);

    @Test
    void noBodyBreaksThePlatform() {
        try (var platform = Platform.start()) {
            var api = new Api(platform);
            platform.provider().script("fake", "tokens=2");
            RawHttp http = api.connect();
            for (int i = 0; i < ROUNDS; i++) {
                byte[] body = mutated();
                http.send(head(platform, body.length)).send(body);
                RawResponse answer = http.readResponse();
                check(i, body, answer);
                if (answer.header("connection").equals("close")
                        || answer.status() == 200 && i % 50 == 0) {
                    http.close();
                    http = api.connect();
                }
            }
            http.close();
            Await.until(
                    "nothing is left",
                    Duration.ofSeconds(5),
                    () ->
                            api.metric("uplion_gateway_requests_open") == 0
                                    && api.metric("uplion_gateway_body_bytes") == 0);
            assertThat(api.metric("uplion_worker_slots_in_use")).isZero();
        }
    }

    private static void check(int round, byte[] body, RawResponse answer) {
        String what = "round " + round + ": " + new String(body, StandardCharsets.UTF_8);
        assertThat(answer.status()).as(what).isIn(200, 400, 404);
        assertThat(answer.header("x-request-id")).as(what).startsWith("req_");
        if (answer.status() != 200) {
            Api.assertErrorObject(answer.body());
        }
    }

    private static String head(Platform platform, int length) {
        return "POST "
                + Api.CHAT
                + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
                + platform.apiKey()
                + "\r\ncontent-length: "
                + length
                + "\r\n\r\n";
    }

    private byte[] mutated() {
        byte[] body = SEEDS.get(random.nextInt(SEEDS.size())).getBytes(StandardCharsets.UTF_8);
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            body = changed(body);
        }
        return body;
    }

    private byte[] changed(byte[] body) {
        int at = body.length == 0 ? 0 : random.nextInt(body.length);
        int to = Math.min(body.length, at + random.nextInt(12));
        return switch (random.nextInt(4)) {
            case 0 -> spliced(body, at, to, new byte[0]);
            case 1 -> spliced(body, at, at, piece());
            case 2 -> spliced(body, at, to, piece());
            default -> {
                byte[] one = {(byte) random.nextInt(256)};
                yield spliced(body, at, Math.min(body.length, at + 1), one);
            }
        };
    }

    private byte[] piece() {
        return PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] spliced(byte[] body, int from, int to, byte[] middle) {
        byte[] all = new byte[from + middle.length + body.length - to];
        System.arraycopy(body, 0, all, 0, from);
        System.arraycopy(middle, 0, all, from, middle.length);
        System.arraycopy(body, to, all, from + middle.length, body.length - to);
        return all;
    }
}
