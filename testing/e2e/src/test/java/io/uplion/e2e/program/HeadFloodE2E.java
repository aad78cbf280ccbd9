// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.uplion.testing.http.RawHttp;
import io.uplion.testing.platform.Program;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Heads that never end, from more connections than the program's memory could hold them of: with
/// the heap and the buffers that the launcher gives it.
class HeadFloodE2E {
    private static final int CONNECTIONS = 6_000;
    private static final int HEAD_BYTES = 30_000;

    @TempDir private static Path data;
    private static Program up;
    private static Client client;

    @BeforeAll
    static void start() {
        assumeTrue(Program.isBuilt(), "needs the built program: mvn -pl standalone -am package");
        up = Program.up(Map.of(), data);
        client = Client.first(up.url(), data);
    }

    @AfterAll
    static void stop() {
        if (up != null) {
            up.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x: y", "a:\r\n"})
    void othersAreAnsweredWhileHeadsThatNeverEndFloodIn(String piece) {
        var head = new StringBuilder("GET /livez HTTP/1.1\r\nhost: x\r\n").append(piece);
        var more = piece.endsWith("\n") ? piece : "y";
        while (head.length() < HEAD_BYTES) {
            head.append(more);
        }
        var flood = new ArrayList<RawHttp>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                flood.add(RawHttp.connect(up.url()));
                send(flood.getLast(), head.toString());
                if (i % 1_000 == 999) {
                    assertThat(client.chat("simulator").statusCode()).isEqualTo(200);
                }
            }
        } finally {
            flood.forEach(RawHttp::close);
        }
        assertThat(client.chat("simulator").statusCode()).isEqualTo(200);
    }

    private static void send(RawHttp connection, String head) {
        try {
            connection.send(head);
        } catch (UncheckedIOException _) {
            // It was cut off, as the oldest of them are.
        }
    }
}
