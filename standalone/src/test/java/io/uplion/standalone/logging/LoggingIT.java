// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Logs are configured at the start of a process, so each test is one.
class LoggingIT {
    private static String log(Map<String, String> environment)
            throws IOException, InterruptedException {
        var builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LogOneLine.class.getName());
        builder.environment().keySet().removeIf(name -> name.startsWith("UPLION_"));
        builder.environment().putAll(environment);
        var process = builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        var said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return said;
    }

    @Test
    void textIsForPeople() throws Exception {
        var lines = log(Map.of()).lines().toList();

        assertThat(lines.getFirst())
                .matches(
                        "\\d{4}-\\d\\d-\\d\\dT\\S+ INFO  Service: something happened"
                                + " request=\"req_1\" text=.*");
        assertThat(lines).anyMatch(line -> line.contains("IllegalStateException: why"));
    }

    @Test
    void jsonIsOneObjectALine() throws Exception {
        var lines = log(Map.of("UPLION_LOG_FORMAT", "json")).lines().toList();

        assertThat(lines).hasSize(1);
        assertThat(lines.getFirst())
                .startsWith("{")
                .endsWith("}")
                .contains(
                        "\"level\":\"INFO\"",
                        "\"message\":\"something happened\"",
                        "\"request\"",
                        "\"req_1\"",
                        "why");
    }

    @Test
    void levelIsSetFromOutside() throws Exception {
        assertThat(log(Map.of("UPLION_LOG_LEVEL", "debug"))).contains("at debug level");
        assertThat(log(Map.of("UPLION_LOG_LEVEL", "warn"))).isEmpty();
    }
}
