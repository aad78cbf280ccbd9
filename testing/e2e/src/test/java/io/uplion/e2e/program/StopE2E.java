// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.uplion.testing.http.BodyEnd;
import io.uplion.testing.http.SseClient;
import io.uplion.testing.platform.Program;
import io.uplion.testing.wait.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StopE2E {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final long SIGINT = 1L << (2 - 1);

    @TempDir private Path data;

    @BeforeAll
    static void needsTheProgram() {
        assumeTrue(Program.isBuilt(), "needs the built program: mvn -pl standalone -am package");
    }

    @BeforeEach
    void slowModel() throws IOException {
        Models.write(data.resolve("models"), "slow", "50ms");
        Models.write(data.resolve("models"), "endless", "10s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void aSignalLetsARunningStreamFinishAndStopsEverything(String signal) throws IOException {
        try (var up = Program.up(data)) {
            assumeHeard(up, signal);
            var postgres = Postgres.running(data);
            try (var stream = stream(up, "slow")) {
                stream.next().orElseThrow();
                up.signal(signal);
                var rest = stream.data();
                assertThat(rest.getLast()).isEqualTo("[DONE]");
                assertThat(rest).hasSizeGreaterThan(10);
                assertThat(stream.end()).isEqualTo(BodyEnd.COMPLETE);
            }
            assertThat(up.awaitEnd(LIMIT)).isZero();
            assertThat(Postgres.isGone(postgres)).isTrue();
            assertThat(up.errors()).doesNotContain("WARN").doesNotContain("ERROR");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void theSecondSignalDoesNotWait(String signal) throws IOException {
        try (var up = Program.up(data)) {
            assumeHeard(up, signal);
            var postgres = Postgres.running(data);
            try (var stream = stream(up, "endless")) {
                stream.next().orElseThrow();
                up.signal(signal);
                Await.until("it stops", LIMIT, () -> up.find("stopping").isPresent());
                assertThat(up.isAlive()).isTrue();
                up.signal(signal);
                assertThat(up.awaitEnd(Duration.ofSeconds(5))).isEqualTo(130);
            }
            Await.until("the database is gone", LIMIT, () -> Postgres.isGone(postgres));
        }
    }

    private SseClient stream(Program up, String model) {
        var client = Client.first(up.url(), data);
        return SseClient.post(
                up.url() + "/v1/chat/completions",
                Client.chatBody(model, 30, true),
                client.headers(),
                LIMIT);
    }

    /// A program that was started in the background of a shell ignores Ctrl-C, and so do all that
    /// it starts.
    private static void assumeHeard(Program up, String signal) throws IOException {
        var status = Path.of("/proc/" + up.pid() + "/status");
        if (!signal.equals("INT") || !Files.exists(status)) {
            return;
        }
        var ignored =
                Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .map(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                        .findFirst()
                        .orElse(0L);
        assumeTrue(
                (ignored & SIGINT) == 0,
                "needs Ctrl-C not to be ignored: run the tests in the foreground");
    }
}
