// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.uplion.testing.platform.Program;
import io.uplion.testing.wait.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrashE2E {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int CLIENTS = 8;
    private static final int BEFORE_THE_KILL = 200;
    private static final Pattern TASK = Pattern.compile("\"task\":\"([0-9a-f-]{36})\"");

    @TempDir private Path data;

    @BeforeAll
    static void needsTheProgram() {
        assumeTrue(Program.isBuilt(), "needs the built program: mvn -pl standalone -am package");
    }

    @Test
    void theStartAfterAKillRecoversAndEveryAnswerThatWasSeenIsInTheJournal() throws IOException {
        Models.write(data.resolve("models"), "quick", "1ms");
        Queue<String> answered = new ConcurrentLinkedQueue<>();
        ProcessHandle orphan;
        try (var up = Program.up(data)) {
            orphan = Postgres.running(data);
            askUntilKilled(up, answered);
        }
        assertThat(answered).hasSizeGreaterThanOrEqualTo(BEFORE_THE_KILL);
        assertThat(Postgres.isGone(orphan)).as("the database outlives its platform").isFalse();
        try (var up = Program.up(data)) {
            assertThat(Postgres.isGone(orphan)).isTrue();
            assertThat(Postgres.running(data).pid()).isNotEqualTo(orphan.pid());
            var client = Client.first(up.url(), data);
            assertThat(client.chat("quick").statusCode()).isEqualTo(200);
            assertThat(recorded(data)).containsAll(answered).doesNotHaveDuplicates();
        }
    }

    /// As a start leaves it that is killed after the administrator was made.
    @Test
    void theStartAfterAKilledFirstStartShowsSecretsThatWork() throws IOException {
        try (var up = Program.up(data)) {
            up.signal("KILL");
            up.awaitEnd(LIMIT);
        }
        var lost = Client.firstKey(data);
        Files.move(data.resolve("first-run.json"), data.resolve(".first-run.json7.part"));
        Files.createFile(data.resolve("first-run.pending"));

        try (var up = Program.up(data)) {
            assertThat(up.find("first start: ")).isPresent();
            assertThat(Client.firstKey(data)).isNotEqualTo(lost);
            assertThat(up.output()).contains(Client.firstKey(data));
            var client = Client.first(up.url(), data);
            assertThat(client.chat("simulator").statusCode()).isEqualTo(200);
            assertThat(Client.of(up.url(), lost).chat("simulator").statusCode()).isEqualTo(401);
            assertThat(data.resolve(".first-run.json7.part")).doesNotExist();
        }
        try (var up = Program.up(data)) {
            assertThat(up.find("first start: ")).isEmpty();
        }
    }

    /// Several clients at once, and the kill while they are at it.
    private void askUntilKilled(Program up, Queue<String> answered) {
        var client = Client.first(up.url(), data);
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CLIENTS; i++) {
                clients.execute(() -> ask(client, answered));
            }
            Await.until("answers come", LIMIT, () -> answered.size() >= BEFORE_THE_KILL);
            up.signal("KILL");
            up.awaitEnd(LIMIT);
        }
    }

    /// Notes the request of every answer that was seen whole.
    private static void ask(Client client, Queue<String> answered) {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                var answer = client.chat("quick");
                assertThat(answer.statusCode()).isEqualTo(200);
                answered.add(answer.headers().firstValue("x-request-id").orElseThrow());
            } catch (UncheckedIOException e) {
                return;
            }
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> recorded(Path data) throws IOException {
        try (var segments = Files.list(data.resolve("usage"))) {
            return segments.flatMap(CrashE2E::lines).toList().stream()
                    .flatMap(line -> TASK.matcher(line).results())
                    .map((MatchResult task) -> "req_" + task.group(1).replace("-", ""));
        }
    }
}
