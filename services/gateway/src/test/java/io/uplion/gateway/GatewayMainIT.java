// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The gateway as a process of the distributed form.
class GatewayMainIT {
    /// Whoever started it shows these words; nothing else of the platform need be there for them.
    @TempDir private Path directory;

    @Test
    void settingThatNoBrokerCanMeetEndsItAtTheStartInWords() throws Exception {
        var said = directory.resolve("said");
        var gateway = start(said);
        var ended = gateway.waitFor(90, TimeUnit.SECONDS);
        gateway.destroyForcibly();
        var words = Files.readString(said);
        assertThat(ended).as(words).isTrue();
        assertThat(gateway.exitValue()).as(words).isEqualTo(2);
        assertThat(words)
                .contains("UPLION_GATEWAY_INLINE_BODY", "must be at most 5177344 bytes")
                .doesNotContain("\tat ");
    }

    private static Process start(Path said) throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var builder =
                new ProcessBuilder(
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        GatewayMain.class.getName());
        var environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("UPLION_"));
        environment.put("UPLION_GATEWAY_INLINE_BODY", "5MiB");
        environment.put("UPLION_IDENTITY_SECRET", "0123456789abcdef0123456789abcdef");
        environment.put("UPLION_GATEWAY_CLAIM_SECRET", "0123456789abcdef0123456789abcdef");
        environment.put("UPLION_REDIS_URL", "redis://127.0.0.1:1");
        environment.put("UPLION_GATEWAY_MANAGEMENT_PORT", "0");
        return builder.redirectErrorStream(true).redirectOutput(said.toFile()).start();
    }
}
