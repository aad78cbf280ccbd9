// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.uplion.testing.platform.LocalCertificate;
import io.uplion.testing.platform.Program;
import java.net.http.HttpClient;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsE2E {
    @TempDir private Path directory;

    @BeforeAll
    static void needsTheProgram() {
        assumeTrue(Program.isBuilt(), "needs the built program: mvn -pl standalone -am package");
    }

    @Test
    void httpsIsServedAndHttp2Agreed() throws Exception {
        var own = LocalCertificate.make(directory);
        var data = directory.resolve("data");
        try (var up =
                Program.up(data, "--tls-cert=" + own.certificate(), "--tls-key=" + own.key())) {
            assertThat(up.url()).matches("https://127\\.0\\.0\\.1:\\d+");
            for (var version : HttpClient.Version.values()) {
                if (version.name().equals("HTTP_3")) {
                    continue;
                }
                var http = HttpClient.newBuilder().version(version).sslContext(own.trust()).build();
                var client = new Client(http, up.url(), Client.firstKey(data));
                var answer = client.chat("simulator");
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.version()).isEqualTo(version);
                // Refused before its body is read; HTTP/2 allows no word about the connection.
                var stranger = new Client(http, up.url(), "upl_wrong").chat("simulator");
                assertThat(stranger.statusCode()).isEqualTo(401);
                assertThat(stranger.version()).isEqualTo(version);
            }
        }
    }
}
