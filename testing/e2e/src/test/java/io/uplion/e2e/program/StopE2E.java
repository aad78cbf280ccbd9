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
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StopE2E {
    private static final Duration LIMIT = Duration.ofSeconds(30);

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

    /// A terminal tells it to the database and to whatever else the program has started, too.
    @ParameterizedTest
    @CsvSource({"INT, false", "TERM, false", "INT, true", "TERM, true"})
    void aSignalLetsARunningStreamFinishAndStopsEverything(String signal, boolean toAll)
            throws IOException {
        assumeTrue(!toAll || Program.hasGroups(), "needs setsid: not installed");
        try (var up = toAll ? Program.upInAGroup(data) : Program.up(data)) {
            var postgres = Postgres.running(data);
            try (var stream = stream(up, "slow")) {
                stream.next().orElseThrow();
                if (toAll) {
                    up.signalAll(signal);
                } else {
                    up.signal(signal);
                }
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
            var postgres = Postgres.running(data);
            try (var stream = stream(up, "endless")) {
                stream.next().orElseThrow();
                up.signal(signal);
                Await.until("it stops", LIMIT, () -> up.find("stopping").isPresent());
                assertThat(up.isAlive()).isTrue();
                up.signal(signal);
                assertThat(up.awaitEnd(Duration.ofSeconds(20))).isEqualTo(130);
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
}
