// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.uplion.testing.platform.Platform;
import io.uplion.testing.platform.Program;
import io.uplion.testing.wait.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// More large answers at one time than the program's heap could hold. The JVM is the launcher's
/// own, but that it ends where it has no memory, also where somebody would bear it.
class LargeAnswersE2E {
    private static final int ANSWERS = 12;
    private static final int ANSWER_BYTES = 60 << 20;
    private static final int PIECE_BYTES = 64 << 10;
    private static final long QUIET_NANOS = 500_000_000;
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final Map<String, String> STRICT =
            Map.of("UPLION_JAVA_OPTS", "-XX:+ExitOnOutOfMemoryError");
    private static final byte[] ANSWER = answer();

    @TempDir private Path data;
    private HttpServer provider;
    private final AtomicLong written = new AtomicLong();
    private volatile boolean isFull;

    /// Nobody reads an answer before everybody has one, or was refused.
    private final CountDownLatch heads = new CountDownLatch(ANSWERS);

    /// What a client has heard.
    ///
    /// @param sum of the answer's bytes
    private record Heard(int status, long bytes, long sum, String start) {}

    @BeforeAll
    static void needsTheProgram() {
        assumeTrue(Program.isBuilt(), "needs the built program: mvn -pl standalone -am package");
    }

    @BeforeEach
    void startProvider() throws IOException {
        provider =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        provider.createContext("/v1/chat/completions", this::say);
        provider.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        provider.start();
        var more = "  concurrency: " + ANSWERS + "\n";
        var url = "http://127.0.0.1:" + provider.getAddress().getPort() + "/v1";
        Files.createDirectories(data.resolve("models"));
        Files.writeString(
                data.resolve("models").resolve("large.yaml"),
                Platform.manifest("large", url, more));
    }

    @AfterEach
    void stopProvider() {
        provider.stop(0);
    }

    private static byte[] answer() {
        var start = "{\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",\"message\":{";
        var open =
                (start + "\"role\":\"assistant\",\"content\":\"").getBytes(StandardCharsets.UTF_8);
        var close = "\"}}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}";
        var end = close.getBytes(StandardCharsets.UTF_8);
        var whole = new byte[ANSWER_BYTES];
        Arrays.fill(whole, (byte) 'x');
        System.arraycopy(open, 0, whole, 0, open.length);
        System.arraycopy(end, 0, whole, whole.length - end.length, end.length);
        return whole;
    }

    private void say(HttpExchange asked) throws IOException {
        asked.getRequestBody().readAllBytes();
        asked.getResponseHeaders().set("content-type", "application/json");
        asked.sendResponseHeaders(200, ANSWER.length);
        try (var out = asked.getResponseBody()) {
            // What is written at once is copied at once.
            for (int at = 0; at < ANSWER.length; at += PIECE_BYTES) {
                awaitOthers(ANSWER.length - at);
                out.write(ANSWER, at, Math.min(PIECE_BYTES, ANSWER.length - at));
                written.addAndGet(PIECE_BYTES);
            }
        }
    }

    /// So that as much is held as may be: no answer ends before all that is read was written.
    private void awaitOthers(int left) {
        while (left <= PIECE_BYTES && !isFull) {
            long before = written.get();
            // That nothing is read any more shows only after a while.
            LockSupport.parkNanos(QUIET_NANOS);
            isFull = written.get() == before;
        }
    }

    @Test
    void largeAnswersAtOneTimeAreAllWholeOrRefusedInWords() throws InterruptedException {
        try (var program = Program.up(STRICT, data)) {
            var client = Client.first(program.url(), data);
            var heard = new ConcurrentLinkedQueue<Heard>();
            var clients =
                    IntStream.range(0, ANSWERS)
                            .mapToObj(_ -> Thread.ofVirtual().start(() -> heard.add(ask(client))))
                            .toList();
            for (var one : clients) {
                one.join();
            }

            assertThat(heard).hasSize(ANSWERS).allMatch(LargeAnswersE2E::isWholeOrRefused);
            assertThat(heard).anyMatch(one -> one.status() == 200);
            var metrics = program.find("metrics: ").orElseThrow();
            var manager = Client.of(metrics.replace("/metrics", ""), "");
            Await.until("nothing is held", LIMIT, () -> isIdle(manager.get("/metrics").body()));
            assertThat(client.chat("simulator").statusCode()).isEqualTo(200);
            assertThat(program.isAlive()).as("it had memory for all").isTrue();
            assertThat(program.output() + program.errors()).doesNotContain("OutOf");
        }
    }

    private Heard ask(Client client) {
        var request =
                HttpRequest.newBuilder(URI.create(client.url() + "/v1/chat/completions"))
                        .timeout(LIMIT)
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        Client.chatBody("large", 1, false)));
        client.headers().forEach(request::header);
        try {
            var answer = client.http().send(request.build(), BodyHandlers.ofInputStream());
            heads.countDown();
            heads.await(LIMIT.toSeconds(), TimeUnit.SECONDS);
            var sum = new CRC32();
            long bytes = 0;
            var start = "";
            try (var body = answer.body()) {
                var piece = new byte[PIECE_BYTES];
                for (int read = body.read(piece); read >= 0; read = body.read(piece)) {
                    start = bytes > 0 ? start : new String(piece, 0, read, StandardCharsets.UTF_8);
                    sum.update(piece, 0, read);
                    bytes += read;
                }
            }
            return new Heard(answer.statusCode(), bytes, sum.getValue(), start);
        } catch (IOException | InterruptedException e) {
            return new Heard(0, 0, 0, e.toString());
        }
    }

    private static boolean isWholeOrRefused(Heard heard) {
        if (heard.status() == 503) {
            return heard.start().contains("\"code\":\"overloaded\"");
        }
        var sum = new CRC32();
        sum.update(ANSWER);
        return heard.status() == 200 && heard.sum() == sum.getValue();
    }

    private static boolean isIdle(String metrics) {
        return metrics.lines()
                        .filter(
                                line ->
                                        line.startsWith("uplion_worker_answer_bytes")
                                                || line.startsWith("uplion_gateway_answer_bytes")
                                                || line.startsWith("uplion_worker_slots_in_use")
                                                || line.startsWith("uplion_gateway_requests_open"))
                        .filter(line -> line.endsWith(" 0.0"))
                        .count()
                >= 4;
    }
}
