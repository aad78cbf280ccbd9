// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.http.RawHttp;
import io.uplion.testing.http.RawResponse;
import io.uplion.testing.platform.Platform;
import io.uplion.testing.wait.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Bodies that nobody would write. `-Duplion.fuzz=100000` for many, `-Duplion.fuzz.seed=7` for the
/// same again.
class FuzzE2E {
    private static final int ROUNDS = Integer.getInteger("uplion.fuzz", 2000);
    private static final long SEED = Long.getLong("uplion.fuzz.seed", 1);

    /// What hangs is found; how long answers take is printed.
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static LogCapture log;
    private static Platform platform;
    private static Api api;

    private final Random random = new Random(SEED);
    private Slow slowest = new Slow(Duration.ZERO, "none");
    private Slow slowestLarge = slowest;

    private record Slow(Duration took, String body) {
        Slow or(Slow other) {
            return other.took.compareTo(took) > 0 ? other : this;
        }

        @Override
        public String toString() {
            return took.toMillis() + " ms: " + body;
        }
    }

    @BeforeAll
    static void start() {
        log = new LogCapture();
        platform = Platform.start();
        api = new Api(platform);
        platform.provider().script("fake", "tokens=2");
    }

    @AfterAll
    static void stop() {
        log.assertNoTrace();
        log.close();
        platform.close();
    }

    @Test
    void noBodyBreaksThePlatform() {
        RawHttp http = connect();
        for (int i = 0; i < ROUNDS; i++) {
            FuzzedBody body = FuzzedBody.next(random, i);
            RawResponse answer = answer(http, i, body);
            check(i, body, answer);
            if (answer.header("connection").equals("close")
                    || answer.status() == 200 && i % 50 == 0) {
                http.close();
                http = connect();
            }
        }
        http.close();
        System.out.printf(
                "%d bodies of seed %d; the slowest answer took %s%n"
                        + "the slowest to a body of 1 MiB and more %s%n",
                ROUNDS, SEED, slowest, slowestLarge);
        assertNothingIsLeft();
    }

    private static RawHttp connect() {
        return api.connect().waitAtMost(PATIENCE);
    }

    private RawResponse answer(RawHttp http, int round, FuzzedBody body) {
        long start = System.nanoTime();
        http.send(head(body.path(), "content-length: " + body.body().length)).send(body.body());
        RawResponse answer = http.readResponse();
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        Slow one = new Slow(took, "round " + round + ": " + body);
        if (body.body().length < 1 << 20) {
            slowest = slowest.or(one);
        } else {
            slowestLarge = slowestLarge.or(one);
        }
        return answer;
    }

    private static void check(int round, FuzzedBody body, RawResponse answer) {
        assertThat(answer.status()).as("round %s: %s", round, body).isIn(200, 400, 404);
        assertThat(answer.header("x-request-id")).as("round %s", round).startsWith("req_");
        if (answer.status() != 200) {
            Api.assertErrorObject(answer.body());
        }
    }

    private static void assertNothingIsLeft() {
        Await.until(
                "nothing is left",
                PATIENCE,
                () ->
                        api.metric("uplion_gateway_requests_open") == 0
                                && api.metric("uplion_gateway_body_bytes") == 0);
        assertThat(api.metric("uplion_worker_slots_in_use")).isZero();
    }

    private static String head(String path, String headers) {
        return "POST "
                + path
                + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
                + platform.apiKey()
                + "\r\n"
                + headers
                + "\r\n\r\n";
    }

    /// It is refused while most of it is still with the client: nobody can have unpacked it.
    @Test
    void bombIsRefusedUnopened() throws IOException {
        byte[] bomb = bomb();
        byte[] start = Arrays.copyOf(bomb, bomb.length / 2);
        for (String path : new String[] {Api.CHAT, "/v1/completions", "/v1/embeddings"}) {
            for (String encoding : new String[] {"gzip", "GZIP", "x-gzip", "gzip, gzip"}) {
                try (RawHttp http = connect()) {
                    http.send(
                            head(
                                    path,
                                    "content-encoding: "
                                            + encoding
                                            + "\r\ncontent-length: "
                                            + bomb.length));
                    RawResponse answer = http.send(start).readResponse();
                    Api.assertError(answer, 415, "unsupported_content_encoding");
                }
            }
        }
        assertNothingIsLeft();
    }

    /// 256 MiB of a chat request in 256 KiB.
    private static byte[] bomb() throws IOException {
        byte[] megabyte = new byte[1 << 20];
        Arrays.fill(megabyte, (byte) ' ');
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            for (int i = 0; i < 256; i++) {
                gzip.write(megabyte);
            }
            gzip.write(Api.chatBody("fake", "").getBytes(UTF_8));
        }
        return packed.toByteArray();
    }
}
