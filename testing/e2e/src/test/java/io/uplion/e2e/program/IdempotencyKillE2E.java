// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.uplion.testing.http.RawHttp;
import io.uplion.testing.http.RawResponse;
import io.uplion.testing.platform.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdempotencyKillE2E {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir private Path data;

    @BeforeAll
    static void needsTheProgram() {
        assumeTrue(Program.isBuilt(), "needs the built program: mvn -pl standalone -am package");
    }

    private RawResponse chat(Program up, int tokens) {
        var headers = new HashMap<>(Client.first(up.url(), data).headers());
        headers.remove("content-type");
        headers.put("idempotency-key", "kept-over-a-kill");
        try (var http = RawHttp.connect(up.url()).waitAtMost(LIMIT)) {
            return http.post(
                            "/v1/chat/completions", Client.chatBody("quick", tokens, true), headers)
                    .readResponse();
        }
    }

    @Test
    void anAnswerThatWasSeenSurvivesAKill() throws IOException {
        Models.write(data.resolve("models"), "quick", "1ms");
        RawResponse first;
        try (var up = Program.up(data)) {
            first = chat(up, 3);
            up.signal("KILL");
            up.awaitEnd(LIMIT);
        }
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.body()).endsWith("data: [DONE]\n\n");

        try (var up = Program.up(data)) {
            var second = chat(up, 3);
            assertThat(second.body()).isEqualTo(first.body());
            assertThat(second.header("idempotency-replayed")).isEqualTo("true");
            assertThat(second.header("x-uplion-first-request-id"))
                    .isEqualTo(first.header("x-request-id"));
            assertThat(chat(up, 4).status()).as("another body").isEqualTo(422);
        }
        try (var files = Files.list(data.resolve("idempotency"))) {
            assertThat(files.toList())
                    .singleElement()
                    .satisfies(
                            file ->
                                    assertThat(
                                                    PosixFilePermissions.toString(
                                                            Files.getPosixFilePermissions(file)))
                                            .isEqualTo("rw-------"));
        }
    }
}
